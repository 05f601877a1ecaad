// The learner's card on the screen: printing it, saving it as a picture, and letting it open a family phone.
const SCALE = 4; // pixels for each unit of the drawing: 1 368 × 864, enough to print

export default async (place, { one, family }) => {
  one("[data-card-actions]").hidden = false;
  one("[data-print]").addEventListener("click", () => print());
  one("[data-save]").addEventListener("click", async () => {
    const svg = one("svg", place);
    const { width, height } = svg.viewBox.baseVal;
    const image = new Image();
    image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
    image.width = width * SCALE;
    image.height = height * SCALE;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
    canvas.getContext("2d").drawImage(image, 0, 0, image.width, image.height);
    const link = Object.assign(document.createElement("a"), { href: canvas.toDataURL("image/png"), download: "the-hoc.png" });
    link.click();
  });
  const people = await family();
  if (await people?.me()) await people.wrapByCard(place.dataset.card);
};
