"use strict";
// What the parts of the page share: elements, pictures, problems, a slider, a list that moves.

function byId(id) {
  return document.getElementById(id);
}

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

const UNSAID = new Map();

/** Say what a part of the page found to those who listen to it, once they have stopped typing. */
function announce(part, text) {
  UNSAID.set(part, text);
  clearTimeout(announce.later);
  announce.later = setTimeout(() => {
    byId("announcer").textContent = [...UNSAID.values()].join(" ");
    UNSAID.clear();
  }, 500);
}

/** Show what is wrong, or nothing; return whether there is something. */
function showProblem(id, message) {
  byId(id).hidden = !message;
  byId(id).textContent = message ?? "";
  if (message) announce(id, message);
  else UNSAID.delete(id); // repaired before it was said
  return Boolean(message);
}

/** Return what `work` returns; where it throws, show why and return null. */
function attempt(id, work) {
  try {
    const result = work();
    showProblem(id, null);
    return result;
  } catch (error) {
    showProblem(id, error.message);
    return null;
  }
}

/** Return a text that names the words which the model never read; empty if there are none. */
function unknownNote(model, texts) {
  const words = [...new Set(texts.flatMap((text) => model.unknownWords(text)))];
  if (!words.length) return "";
  return `The model never read ${words.slice(0, 12).map((word) => `“${word}”`).join(", ")}`
    + `${words.length > 12 ? " …" : ""}: to it, such words are all the same.`;
}

/** Return one of the drawn pictures, cut from the sheet; how large it is, its place says. */
function drawnPicture(model, index) {
  const { columns } = model.settings.sheet, last = Math.ceil(model.features.length / columns) - 1;
  const made = element("div", { className: "picture", role: "img" });
  made.ariaLabel = model.settings.captions[index];
  made.style.backgroundSize = `${100 * columns}% ${100 * (last + 1)}%`;
  made.style.backgroundPosition =
    `${100 * (index % columns) / (columns - 1)}% ${100 * Math.floor(index / columns) / last}%`;
  return made;
}

const MOVING = new WeakMap(); // what each item is animated by

/** Put items into a list in this order; each glides from where it was to where it goes. */
function reorder(list, items) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const before = new Map(still ? [] : [...list.children].map((item) => [item, boxOf(item)]));
  list.replaceChildren(...items);
  if (still) return;
  for (const item of items) MOVING.get(item)?.cancel();
  const after = items.map(boxOf);
  items.forEach((item, i) => {
    const from = before.get(item), to = after[i];
    if (from && to.width && (seen(from) || seen(to))) glide(item, from, to);
  });
}

function glide(item, from, to) {
  const [x, y, zoom] = [from.left - to.left, from.top - to.top, from.width / to.width];
  if (!x && !y && zoom === 1) return;
  const start = `translate(${x}px, ${y}px) scale(${zoom})`;
  MOVING.set(item, item.animate([{ transform: start }, { transform: "none" }],
    { duration: 420, easing: "cubic-bezier(.2, .8, .2, 1)" }));
}

function boxOf(item) {
  return item.getBoundingClientRect();
}

function seen(box) {
  return box.bottom > 0 && box.top < innerHeight;
}

/**
 * Make a slider of temperatures that begins at the model's; return a function that reads it.
 * @param {() => void} changed called whenever it moves.
 */
function temperatureSlider(id, model, changed) {
  const learned = 1 / model.settings.scale;
  const slider = element("input", { type: "range", id: `${id}-input`, min: -3, max: 0.5, step: 0.005 });
  const said = element("output", { htmlFor: slider.id });
  const back = element("button", { type: "button", textContent: "as learnt" });
  let temperature = learned;
  const show = () => {
    said.textContent = `${rounded(temperature)} (scale ${rounded(1 / temperature)})`;
    slider.ariaValueText = said.textContent;
    back.disabled = temperature === learned;
  };
  const set = (value) => { temperature = value; show(); changed(); };
  slider.addEventListener("input", () => set(10 ** slider.valueAsNumber));
  back.addEventListener("click", () => {
    slider.value = Math.log10(learned);
    set(learned);
  });
  byId(id).append(
    element("label", { htmlFor: slider.id, textContent: "Temperature" }), said, back, slider);
  slider.value = Math.log10(learned);
  show();
  return () => temperature;
}

/** Return a number to three digits, never as 1.00e+3. */
function rounded(number) {
  return Number(number.toPrecision(3)).toString();
}

/** Return a caller that is called at most once a frame, however often it is asked for. */
function onceAFrame(work) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; work(); });
  };
}
