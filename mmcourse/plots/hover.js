// Lets a figure of `hover` answer the mouse, the keyboard or a finger. A map is a string with
// one letter a patch; the picture is drawn once, and a dark square on each patch hides or shows.
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const BLUE = "#0072B2", ORANGE = "#E69F00";

  function svg(parent, name, attributes) {
    const made = parent.appendChild(document.createElementNS(SVG, name));
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  function html(parent, name, text, style) {
    const made = parent.appendChild(document.createElement(name));
    made.textContent = text;
    made.style.cssText = style;
    return made;
  }

  function start(figure, maps) {
    const {side, letters, darkest, layers, words} = maps;
    const places = side * side;
    // token 0 is the class token; as long as nobody points, the picture is whole
    const seen = {layer: layers.length - 1, token: 0, word: null, whole: true};

    const box = html(figure, "div", "", "display: flex; flex-wrap: wrap; gap: 1.5em");
    figure.prepend(box);
    const stage = svg(box, "svg", {viewBox: `0 0 ${side} ${side}`, width: 320, height: 320});
    stage.style.cssText = "flex: none; max-width: 100%; background: #fff";
    const picture = {href: figure.dataset.picture, width: side, height: side};
    svg(stage, "image", picture).style.imageRendering = "pixelated";
    const shades = Array.from({length: places}, (_, place) => {
      const corner = {x: place % side, y: Math.floor(place / side)};
      const shade = svg(stage, "rect", {...corner, width: 1, height: 1, fill: "#000"});
      shade.style.shapeRendering = "crispEdges";  // no seams
      answer(shade, {token: place + 1, word: null});
      return shade;
    });
    const frame = svg(stage, "rect", {width: 1, height: 1, fill: "none", stroke: ORANGE});
    frame.setAttribute("stroke-width", 0.12);
    frame.style.pointerEvents = "none";
    stage.addEventListener("mouseleave", () => show({token: 0, word: null, whole: true}));

    const side_panel = html(box, "div", "", "flex: 1; min-width: 16em; max-width: 30em");
    const said = html(side_panel, "p", "", "min-height: 3em; margin: 0 0 .5em");
    said.setAttribute("aria-live", "polite");
    const buttons = [];
    row("Layer", layers.map((_, layer) => [`${layer + 1}`, {layer, token: 0, word: null}]));
    row("Word", Object.keys(words).map((word) => [word, {word, token: 0}]));

    function row(heading, choices) {
      const line = html(side_panel, "p", `${heading} `, "margin: 0 0 .5em");
      for (const [label, change] of choices) {
        const look = "font: inherit; margin: .15em; padding: .1em .6em; border-radius: .3em; ";
        const button = html(line, "button", label, look + "border: 1px solid #888");
        button.type = "button";
        button.addEventListener("focus", () => show(change));
        answer(button, change);
        buttons.push([button, change]);
      }
    }

    function answer(element, change) {
      element.addEventListener("mouseenter", () => show(change));
      element.addEventListener("click", () => show(change));
    }

    function show(change) {
      Object.assign(seen, {whole: false}, change);
      const {layer, token, word, whole} = seen;
      const map = word === null
        ? layers[layer].slice(token * places, (token + 1) * places)
        : words[word];
      shades.forEach((shade, place) => {
        const light = letters.indexOf(map[place]) / (letters.length - 1);
        shade.setAttribute("fill-opacity", whole ? 0 : (1 - darkest) * (1 - light));
      });
      const pointed = word === null && token > 0;
      frame.style.display = pointed ? "" : "none";
      frame.setAttribute("x", (token - 1) % side);
      frame.setAttribute("y", Math.floor((token - 1) / side));
      const who = pointed ? "the token of the framed patch" : "the class token";
      said.textContent = whole ? "Point at a patch, a layer or a word."
        : word === null ? `Layer ${layer + 1}: what ${who} takes from each patch.`
        : `Relevance for “${word}”: which attention raised the match with it.`;
      for (const [button, choice] of buttons) {
        const on = choice.word === word && (word !== null || choice.layer === layer);
        button.setAttribute("aria-pressed", on);
        button.style.background = on ? BLUE : "#fff";
        button.style.color = on ? "#fff" : "#000";
      }
    }

    show({whole: true});
    figure.querySelector("img").style.display = "none";  // it is for who cannot point
  }

  for (const figure of document.querySelectorAll(".mmcourse-hover:not([data-live])")) {
    figure.dataset.live = "yes";
    start(figure, JSON.parse(figure.dataset.maps));
  }
})();
