"use strict";
// The picture that labels are given to and words are added to: a drawn one, or a file.

class Chosen {
  constructor(model) {
    this.model = model;
    this.listeners = [];
    this.latest = 0; // of two files in a row, the second stays
  }

  whenChanged(listener) {
    this.listeners.push(listener);
  }

  /** Take one of the drawn pictures. */
  takeDrawn(index) {
    this.begin(false);
    showProblem("file-problem", null);
    this.set({
      index,
      address: null,
      features: this.model.features[index],
      name: this.model.settings.captions[index],
      shown: () => drawnPicture(this.model, index),
    });
  }

  /** Take a picture file; what is none leaves the picture as it was, and is said. */
  async takeFile(file) {
    const turn = this.begin(true);
    try {
      const features = await this.model.imageFeatures(file);
      if (turn !== this.latest) return;
      showProblem("file-problem", null);
      const address = URL.createObjectURL(file), name = file.name ?? "your picture";
      const shown = () => element("img", { src: address, alt: name });
      this.set({ index: null, address, features, shown,
        name: `${name}. The model sees its middle square, and learnt from drawings alone.` });
    } catch (error) {
      if (turn === this.latest) showProblem("file-problem", error.message);
    } finally {
      if (turn === this.latest) byId("drop").ariaBusy = "false";
    }
  }

  /** Let no earlier file be taken any more, and return the turn of what is taken now. */
  begin(busy) {
    byId("drop").ariaBusy = String(busy);
    return ++this.latest;
  }

  set(picture) {
    const earlier = this.address; // of a file, which the browser keeps until it is given back
    Object.assign(this, picture, { direction: unit(picture.features) });
    byId("chosen").replaceChildren(this.shown());
    byId("chosen-name").textContent = this.name;
    for (const listener of this.listeners) listener();
    if (earlier) URL.revokeObjectURL(earlier);
  }
}

/** Let files be chosen and dropped, and another drawn picture be taken. */
function startChoosing(chosen) {
  const zone = byId("drop"), file = byId("file");
  file.addEventListener("change", () => {
    if (file.files.length) chosen.takeFile(file.files[0]);
    file.value = ""; // the same file may be chosen again
  });
  byId("another").addEventListener("click", () =>
    chosen.takeDrawn(((chosen.index ?? 0) + 1) % chosen.model.features.length));
  for (const name of ["dragover", "drop"]) { // beside the zone, nothing happens to the page
    window.addEventListener(name, (event) => event.preventDefault());
  }
  zone.addEventListener("dragover", () => zone.classList.add("over"));
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    zone.classList.remove("over");
    const [dropped] = event.dataTransfer.files;
    if (dropped) chosen.takeFile(dropped);
    else showProblem("file-problem", "That was no file; save the picture, and drop the file.");
  });
}
