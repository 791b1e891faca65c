"use strict";
// Labels: how probable each is for the chosen picture (lessons 08, 04 and 07).

const MOST_LABELS = 100;

function startLabels(model, chosen) {
  byId("label-list").value = model.settings.nouns.join("\n");
  const bars = new Map();
  const show = () => {
    const read = attempt("label-problem", () =>
      readLabels(byId("label-list").value, byId("template").value));
    const options = { temperature: temperature(), normalised: !byId("raw").checked };
    const found = read && attempt("label-problem", () =>
      probabilities(model, chosen.features, read.prompts, options));
    byId("bars").classList.toggle("stale", !found);
    if (!found) return;
    const order = ranking(found);
    reorder(byId("bars"), order.map((i) => bar(bars, read.labels[i], found[i])));
    byId("label-note").textContent = unknownNote(model, read.prompts);
    announce("labels", `Label: ${read.labels[order[0]]}, ${percent(found[order[0]])}.`);
  };
  const temperature = temperatureSlider("label-temperature", model, onceAFrame(show));
  for (const id of ["label-list", "template", "raw"]) {
    byId(id).addEventListener("input", onceAFrame(show));
  }
  chosen.whenChanged(show);
}

/** Return the labels of a list and the prompt of each; throw an Error that says what is wrong. */
function readLabels(list, template) {
  const labels = list.split("\n").map((line) => line.trim()).filter(Boolean);
  if (!labels.length) throw new Error("Write at least one label.");
  if (labels.length > MOST_LABELS) {
    throw new Error(`Write at most ${MOST_LABELS} labels; there are ${labels.length}.`);
  }
  const seen = new Map();
  for (const label of labels) {
    const same = cleaned(label);
    if (seen.has(same)) {
      throw new Error(`“${label}” is there twice, so that neither can win.`);
    }
    seen.set(same, label);
  }
  if (template.split("{}").length !== 2) {
    throw new Error("The prompt must have {} once, where the label goes.");
  }
  return { labels, prompts: labels.map((label) => template.split("{}").join(label)) };
}

/** Return how probable each prompt is: softmax of cosines, or by mistake of products. */
function probabilities(model, features, prompts, { temperature, normalised }) {
  const texts = prompts.map((prompt) => model.textFeatures(prompt));
  const scores = normalised
    ? texts.map((text) => dot(unit(features), unit(text)))
    : texts.map((text) => dot(features, text));
  return softmax(scores.map((score) => score / temperature));
}

function bar(bars, label, share) {
  if (!bars.has(label)) {
    bars.set(label, element("li", {}, element("span", { className: "name", textContent: label }),
      element("span", { className: "track" }, element("i")), element("span", { className: "share" })));
  }
  const item = bars.get(label);
  item.querySelector("i").style.width = `${100 * share}%`;
  item.querySelector(".share").textContent = percent(share);
  return item;
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}
