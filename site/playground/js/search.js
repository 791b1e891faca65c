"use strict";
// Search: a sentence orders the drawn pictures by cosine, while it is typed (lesson 09).

const EXAMPLES = ["a blue butterfly", "three balloons", "night", "a cute red cat"];

/** Start it, and return which picture is nearest to the sentence that stands there. */
function startSearch(model, chosen) {
  const gallery = byId("gallery"), input = byId("sentence");
  const items = model.features.map((_, index) => tile(model, chosen, index));
  let cosines = null;
  const show = () => {
    cosines = searched(model, input.value);
    const order = cosines ? ranking(cosines) : [...items.keys()];
    shade(items, cosines);
    reorder(gallery, order.map((index) => items[index]));
    enterAt(items, order[0]);
    point(model, order[0], cosines);
    const found = cosines ? ` Nearest: ${byId("pointed").textContent}.` : "";
    announce("search", byId("search-note").textContent + found);
  };
  input.addEventListener("input", onceAFrame(show));
  gallery.addEventListener("pointerover", (event) => pointAt(event.target));
  gallery.addEventListener("focusin", (event) => pointAt(event.target));
  gallery.addEventListener("keydown", (event) => step(gallery, event));
  const pointAt = (target) => {
    const index = items.indexOf(target.closest("li"));
    if (index >= 0) point(model, index, cosines);
  };
  byId("examples").append(...EXAMPLES.flatMap((text, i) => [i ? ", " : "", example(text, input)]));
  chosen.whenChanged(() => items.forEach((item, index) => {
    item.firstChild.ariaPressed = String(index === chosen.index);
  }));
  show();
  return items.indexOf(gallery.firstChild);
}

/** Return the cosine of a sentence with each picture; null where there is none to compute. */
function searched(model, sentence) {
  const note = byId("search-note");
  note.className = "note";
  note.textContent = "";
  if (!sentence.trim()) {
    note.textContent = "Type something: the pictures wait in the order in which they were drawn.";
    return null;
  }
  try {
    const found = model.cosines(unit(model.textFeatures(sentence)));
    note.textContent = unknownNote(model, [sentence]);
    return found;
  } catch (error) {
    note.className = "problem";
    note.textContent = error.message;
    return null;
  }
}

function tile(model, chosen, index) {
  const button = element("button", { type: "button", tabIndex: -1 }, drawnPicture(model, index));
  button.addEventListener("click", () => chosen.takeDrawn(index));
  return element("li", {}, button);
}

function example(text, input) {
  const button = element("button", { type: "button", className: "chip", textContent: text });
  button.addEventListener("click", () => {
    input.value = text;
    input.dispatchEvent(new Event("input"));
  });
  return button;
}

/** Dim what is far from the sentence. */
function shade(items, cosines) {
  const [low, high] = cosines ? [Math.min(...cosines), Math.max(...cosines)] : [0, 0];
  items.forEach((item, index) => {
    const near = cosines ? (cosines[index] - low) / (high - low || 1) : 1;
    item.style.opacity = (0.25 + 0.75 * near).toFixed(3);
  });
}

/** Say what one picture shows, and how near it is. */
function point(model, index, cosines) {
  const near = cosines ? `${cosines[index].toFixed(2)} · ` : "";
  byId("pointed").textContent = near + model.settings.captions[index];
}

/** Let the tabulator enter the gallery at one picture: arrows lead from there. */
function enterAt(items, index) {
  items.forEach((item, i) => { item.firstChild.tabIndex = i === index ? 0 : -1; });
}

function step(gallery, event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return; // the browser's: back, forward
  const items = [...gallery.children], here = items.indexOf(event.target.closest("li"));
  const wide = getComputedStyle(gallery).gridTemplateColumns.split(" ").length;
  const far = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: wide, ArrowUp: -wide,
    Home: -here, End: items.length - 1 - here }[event.key];
  if (far === undefined) return;
  event.preventDefault();
  const next = items[Math.min(Math.max(here + far, 0), items.length - 1)];
  enterAt(items, items.indexOf(next));
  next.firstChild.focus();
}
