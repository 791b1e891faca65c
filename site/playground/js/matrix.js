"use strict";
// The similarity matrix of eight pictures and eight captions, and its loss (lesson 03).

const PAIRS = 8;

function startMatrix(model) {
  let first = 0, indices = null;
  const inputs = Array.from({ length: PAIRS }, (_, i) => captionInput(i));
  const show = () => showMatrix(model, indices, inputs.map((input) => input.value), temperature());
  const begin = () => {
    indices = alike(model, first);
    inputs.forEach((input, i) => { input.value = model.settings.usual[indices[i]]; });
    show();
  };
  const temperature = temperatureSlider("matrix-temperature", model, onceAFrame(show));
  for (const input of inputs) input.addEventListener("input", onceAFrame(show));
  for (const view of document.querySelectorAll("input[name=view]")) {
    view.addEventListener("change", show);
  }
  byId("others").addEventListener("click", () => {
    first = (first + 1) % model.features.length;
    begin();
  });
  begin();
}

/** Show cosines or shares of pictures and captions, and the loss at this temperature. */
function showMatrix(model, indices, captions, temperature) {
  const cosines = attempt("matrix-problem", () => cosineMatrix(model, indices, captions));
  byId("table").classList.toggle("stale", !cosines);
  if (!cosines) return;
  const logits = cosines.map((row) => row.map((cosine) => cosine / temperature));
  const view = document.querySelector("input[name=view]:checked").value;
  const values = view === "cosines" ? cosines : shares(logits, { columns: view === "columns" });
  showTable(model, indices, values, view);
  showLoss(contrastiveLoss(logits));
  byId("matrix-note").textContent = unknownNote(model, captions);
}

/** Return a picture and the seven drawn ones that are most like it: it takes words to part them. */
function alike(model, first) {
  return ranking(model.cosines(model.directions[first])).slice(0, PAIRS);
}

/** Return the field of one caption, which stands in the list with its label. */
function captionInput(i) {
  const input = element("input", { type: "text", id: `caption-${i + 1}`, maxLength: 1000,
    autocomplete: "off", spellcheck: false });
  const label = element("label", { className: "hidden", textContent: `Caption ${i + 1}` });
  label.htmlFor = input.id;
  byId("captions").append(element("li", {}, label, input));
  return input;
}

/** Return the cosine of each picture, a row, with each caption, a column. */
function cosineMatrix(model, indices, captions) {
  const empty = captions.findIndex((caption) => !caption.trim());
  if (empty >= 0) throw new Error(`Caption ${empty + 1} is empty; write something.`);
  const texts = captions.map((caption) => unit(model.textFeatures(caption)));
  return indices.map((index) => texts.map((text) => dot(model.directions[index], text)));
}

function showTable(model, indices, values, view) {
  const [head, body] = [byId("table").tHead, byId("table").tBodies[0]];
  const number = (i) => element("th", { scope: "col", textContent: String(i + 1) });
  head.replaceChildren(element("tr", {}, element("td"), ...indices.map((_, i) => number(i))));
  body.replaceChildren(...values.map((row, i) => element("tr", {},
    element("th", { scope: "row" }, drawnPicture(model, indices[i])),
    ...row.map((value, j) => cell(value, view, i === j)))));
}

function cell(value, view, right) {
  const said = view === "cosines" ? value.toFixed(2).replace("-", "−") : (100 * value).toFixed(0);
  const made = element("td", { textContent: said, className: right ? "right" : "" });
  made.style.setProperty("--share", Math.min(Math.max(value, 0), 1).toFixed(3));
  return made;
}

function showLoss({ loss, rows, columns: across }) {
  byId("loss").textContent = `Loss ${loss.toFixed(3)}`;
  const guessing = Math.log(PAIRS).toFixed(3);
  byId("loss-parts").textContent = `Mean of ${rows.toFixed(3)} over rows (each picture picks a `
    + `caption) and ${across.toFixed(3)} over columns (each caption picks a picture). `
    + `Guessing: ${guessing}.`;
  announce("loss", `${byId("loss").textContent}.`);
}
