// Those who work here: let in and signed in; a whole class from its first minute to its end.
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { holds, same, soon, t } from "../world.mjs";
import { finish, lessonPath, lessonsOf } from "../lesson.mjs";
import { LINH, becomeCounted, flushed, tellProfile } from "../person.mjs";
import { PASSWORD, acceptInvitation, addCodeApp, join, letIn, openClass, signIn, staffed } from "../staff.mjs";

const mark = (page, name, state) => page.locator(".rows li", { hasText: name }).locator(`.mark[data-state=${state}]`);

export const journeys = {
  "staff: let in by a link, a second factor, signed in again": async (journey) => {
    const { server, code } = await staffed(journey.world, "staff.sqlite");
    const chief = await journey.visitor({ server });
    chief.expect(/^422 POST/);
    await acceptInvitation(chief, code);
    await soon(() => chief.page.url().includes("#"), false, "the code leaves the address");
    // An administrator gets no further without a second factor.
    await chief.go("/can-bo/nhan-su");
    holds(chief.page.url().endsWith("/can-bo/tai-khoan/ung-dung-ma"), "led to where it is set up");
    const { code: used, codes } = await addCodeApp(chief);
    same(codes.length, 10, "recovery codes");
    await chief.page.locator("main .btn-main").click();
    await chief.page.locator("h1", { hasText: t("staff-hello", { name: "Hà Văn Sa" }) }).waitFor();

    // Signing in anew: the password opens half of the door, and leads on to where she wanted to go.
    const again = await journey.visitor({ server });
    again.expect(/^422 POST/);
    await again.go("/can-bo/nhat-ky");
    await again.page.locator("#login").fill("ha-van-sa");
    await again.tell("#password", "không phải");
    await again.page.locator("button[name=send]").click();
    await again.page.locator(".error", { hasText: t("staff-not-right") }).waitFor();
    same(await again.page.locator("#login").inputValue(), "ha-van-sa", "what was typed stays");
    await again.tell("#password", PASSWORD);
    await again.page.locator("button[name=send]").click();
    await again.page.waitForURL(/\/can-bo\/dang-nhap\/ma$/);
    // The code that set it up opens nothing any more: a recovery code does.
    await again.page.locator("#second").fill(used);
    await again.page.locator("button[name=send]").click();
    await again.page.locator(".error").waitFor();
    await again.page.locator("#second").fill(codes[0]);
    await again.page.locator("button[name=send]").click();
    await again.page.waitForURL(/\/can-bo\/nhat-ky$/);
    // The other phone sees it in its list, and ends it.
    await chief.go("/can-bo/tai-khoan");
    await chief.page.locator("button[value=end]").first().click();
    await again.go("/can-bo/nhat-ky");
    holds(again.page.url().includes("/can-bo/dang-nhap"), "the other session is over");
  },

  "staff: a whole class, from its first minute to its end": async (journey) => {
    const { server, code } = await staffed(journey.world, "class.sqlite");
    const chief = await journey.visitor({ server });
    await acceptInvitation(chief, code);
    await addCodeApp(chief);
    const invited = await letIn(chief, "Lò Thị Mai", "Mường É");
    same(invited.login, "lo-thi-mai", "the name to sign in with");

    // The trainer sets a password on her phone and opens a class.
    const trainer = await journey.visitor({ server });
    const { page } = trainer;
    trainer.expect(/^422 POST/);
    await acceptInvitation(trainer, invited.code);
    const room = await openClass(trainer);
    holds(/^\d{3} \d{3}$/.test(room.code), "six digits");
    await page.locator(".tabs a", { hasText: t("classes-nav-cards") }).click();
    await page.waitForURL(/\/the$/);
    same(await page.locator(".cut li").count(), 10, "cards on a sheet");
    same(await page.locator(".cut .join-code").first().innerText(), room.code, "the code on each");
    await page.emulateMedia({ media: "print" });
    holds(!(await page.locator(".tabs").isVisible()), "only cards are printed");
    await page.emulateMedia({ media: "screen" });

    // Five phones join: four whose owners are counted, one of them without JavaScript; the fifth agrees on the way.
    const names = ["Mai Xuân", "Dơ Thào", "Lan Hương", "Pủa Vàng", "Linh Sương"];
    const phones = [];
    for (const [nth, name] of names.entries()) {
      const phone = await journey.visitor({ server, js: nth !== 1 });
      phones.push(phone);
      if (nth < 4) await becomeCounted(phone);
      await join(phone, room.code, name);
      if (nth === 4) {
        await phone.page.locator("main .notice .btn-main").click();
        await phone.page.locator("form[data-consent] button[value=yes]").click();
        await phone.page.waitForURL(/dong-y\/ho-so$/);
        await phone.ready();
        await tellProfile(phone, LINH);
        await phone.page.locator("form[data-ethnic] button[value=skip]").click();
        await phone.page.waitForURL(/\/lop$/);
        await phone.page.locator("#name").fill(name);
        await phone.page.locator("form[data-join] button[name=send]").click();
      }
      await phone.page.locator("h1", { hasText: t("classes-joined-title") }).waitFor();
    }
    await trainer.go(`${room.path}/danh-sach`);
    same(await page.locator("tbody tr").count(), 5, "five on the roster");

    // Two more without a phone: one by hand, one from a file, who both agreed.
    trainer.world.personal.add("Cà Thị Nọi");
    await page.locator("#them summary").click();
    await page.locator("#name").fill("Cà Thị Nọi");
    await page.locator("#born").fill("1958");
    await page.locator("button[value=add]").click();
    await page.locator("#consent .error").waitFor();
    await page.locator("input[name=consent]").check();
    await page.locator("button[value=add]").click();
    await page.locator("tbody tr", { hasText: "Cà Thị Nọi" }).waitFor();
    const file = path.join(trainer.world.folder, "ds.csv");
    await writeFile(file, "Họ và tên;Năm sinh;Điện thoại\nQuàng Văn Én;1961;0900000000\nCà Thị Nọi;1958;\n");
    await page.locator("a", { hasText: t("classes-file") }).click();
    await page.locator("#file").setInputFiles(file);
    await page.locator("form[enctype] button").click();
    await page.locator("h2", { hasText: t("classes-file-preview") }).waitFor();
    holds((await page.locator("main").innerText()).includes(t("classes-duplicate-certain", { of: "Cà Thị Nọi" })), "who is there already");
    holds(!(await page.content()).includes("0900000000"), "nothing else of the sheet");
    await page.locator("input[name=t-2]").check();
    await page.locator("button[value=take]").click();
    await page.waitForURL(/danh-sach$/);
    same(await page.locator("tbody tr").count(), 7, "seven on the roster");

    // Today's list: one tap each, and a tap too many is taken back.
    await page.locator(".tabs a", { hasText: t("classes-nav-attendance") }).click();
    for (const name of [...names, "Cà Thị Nọi"]) {
      await mark(page, name, "present").click();
      await mark(page, name, "present").and(page.locator("[aria-pressed=true]")).waitFor();
    }
    await mark(page, "Dơ Thào", "late").click();
    await mark(page, "Dơ Thào", "late").and(page.locator("[aria-pressed=true]")).waitFor();
    holds((await trainer.text("[data-there]")).includes(t("classes-there", { there: 6, all: 7 })), "six of seven");

    // A phone learns; the one without is helped, and the trainer says who held the phone.
    const [first] = await lessonsOf(phones[0]);
    await phones[0].go(lessonPath(first));
    await finish(phones[0]);
    await flushed(phones[0]);
    await trainer.go(room.path);
    const row = (name) => page.locator("tbody tr", { hasText: name });
    holds((await row("Mai Xuân").innerText()).includes(t("classes-done-of", { done: 1, all: 12 })), "her lesson is seen");
    const visit = page.locator(".visits a", { hasText: "Cà Thị Nọi" });
    holds((await visit.innerText()).includes(t("classes-why-no-phone")), "who has no phone is to be visited");
    await visit.click();
    await page.locator("input[name=deed][value=practised]").check();
    await page.locator("input[name=held][value=helper_spoke]").check();
    await page.locator("button[value=seen]").click();
    await page.locator(".notice", { hasText: t("classes-seen-recorded") }).waitFor();
    await trainer.go(room.path);
    same(await page.locator(".visits a", { hasText: "Cà Thị Nọi" }).count(), 0, "helped");

    // Closing it: the code is over, the roster stays.
    await page.locator("button[value=close]").click();
    await page.locator(".notice").first().waitFor();
    const late = await journey.visitor({ server });
    late.expect(/^422 POST \/lop/);
    await join(late, room.code, "Muộn");
    await late.page.locator(".error", { hasText: t("classes-join-none") }).waitFor();
    // Somebody else's class is not there.
    const other = await letIn(chief, "Cà Văn Dơ", "Mường É");
    const stranger = await journey.visitor({ server });
    stranger.expect(/^404 GET/);
    await acceptInvitation(stranger, other.code);
    same(await stranger.go(room.path), 404, "not theirs");
    // All of it is in the log, and the log is whole.
    await chief.go("/can-bo/nhat-ky");
    const log = await chief.text("main table");
    for (const act of ["class-made", "class-closed", "consent-recorded", "roster-seen", "staff-added"])
      holds(log.includes(t(`staff-act-${act}`)), act);
  },
};
