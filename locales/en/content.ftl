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
content-about-what = Học Số helps the people of Sơn La to pay by phone, to use public services online and to stay safe. It is free. No sign-up.
content-about-help-title = When you need help
content-about-help = Ask the community digital team of your hamlet, or go to the one-stop public service centre of your commune or ward. If something seems wrong, ask the commune police.
content-about-data-title = Your information
content-about-data = Until you agree, Học Số keeps nothing about you. What you have learnt is only on your phone. Once you agree, it keeps your commune, birth year, sex and the lessons learnt. Your ethnic group is kept only if you agree to that too. It never asks for a name, a phone number or an ID number.
content-about-data-law = You may see, download and delete your information at any time. That is your right under the Personal Data Protection Law 91/2025/QH15.
content-about-unreal-title = Examples are invented
content-about-unreal = Names, account numbers and drawings in the examples are invented for learning. Where a lesson tells of something that really happened, its source stands at the end.
content-to-glossary = Words explained simply
content-glossary-title = Words explained
content-glossary-lead = A word you do not know? Look for it here. One sentence a word.
content-glossary-find = Go to letter
content-glossary-say = Said simply:
content-terms = New words: { $words }
