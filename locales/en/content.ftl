content-greeting = Welcome
content-lead = Learn in small steps. A wrong tap does no harm.
content-begin-here = Begin here
content-begin = Begin
content-next = Next lesson
content-go-on = Go on learning
content-minutes = { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}
content-tracks = Three things to learn
content-help = Need somebody to help? Ask the digital team of your hamlet.
content-all-done = You have finished every lesson
content-all-done-text = To look at one again, choose it below.
content-none-done = No lesson finished yet
content-some-done = { $done } of { $all } lessons finished
content-every-done = All { $all } lessons finished
content-done = Finished
content-in-vietnamese = The lessons are in Vietnamese.
content-about-title = What is Học Số?
content-about-what = Học Số helps the people of Sơn La to pay by phone, to use public services online and to stay safe. It is free and needs no account.
content-about-help-title = When you need help
content-about-help = Ask the community digital team of your hamlet, or go to the one-stop public service centre of your commune or ward. If something seems wrong, ask the commune police.
content-about-data-title = Your data
content-about-data = Without your consent the server keeps nothing about you; what you have learnt stays on your phone. With consent it keeps your commune, birth year, sex and finished lessons. It never asks for a name, a phone number or an ID number.
content-about-data-law = You may see, take away and delete your data at any time. That is your right under the Personal Data Protection Law 91/2025/QH15.
content-about-unreal-title = Examples are invented
content-about-unreal = Names, account numbers and pictures in the lessons are invented for learning. No real bank or office appears in them.
