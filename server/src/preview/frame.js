// Asks every second what was saved: draws the phone anew where it stands, or lists what is wrong.
"use strict";
const phone = document.querySelector("iframe");
const [said, faults] = ["said", "faults"].map((id) => document.getElementById(id));
let shown;
const look = async () => {
  try {
    const news = await (await fetch("/xem-truoc/tin")).json();
    if (shown !== undefined && news.version !== shown) phone.contentWindow.location.reload();
    shown = news.version;
    const line = (text) => Object.assign(document.createElement("li"), { textContent: text });
    faults.replaceChildren(...news.faults.map(line));
    said.textContent = news.faults.length ? "Có chỗ chưa đúng. Sửa xong, trang mới vẽ lại:" : "Không có lỗi nào.";
  } catch {
    said.textContent = "Chương trình xem trước đã dừng.";
  }
  setTimeout(look, 1000);
};
look();
