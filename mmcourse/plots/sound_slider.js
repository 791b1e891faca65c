// Plays a film of `sound_slider`: its frames on a canvas, its sound in a loop that begins as
// many frames late as the slider says. The sound's own clock says which frame is shown.
(() => {
  for (const figure of document.querySelectorAll(".mmcourse-slide:not([data-live])")) {
    figure.dataset.live = "yes";
    start(figure, JSON.parse(figure.dataset.told), Number(figure.dataset.frames));
  }

  function add(parent, name, text, style) {
    const made = parent.appendChild(document.createElement(name));
    made.textContent = text;
    made.style.cssText = style || "";
    return made;
  }

  function start(figure, {seconds, said}, frames) {
    const shifts = said.map(([shift]) => shift), texts = new Map(said);
    const audio = figure.querySelector("audio"), below = figure.querySelector("p:last-of-type");
    const box = document.createElement("div");
    figure.prepend(box);
    const stage = add(box, "canvas", "", "image-rendering: pixelated; max-width: 100%");
    const line = add(box, "p", "", "margin: .5em 0");
    const button = add(line, "button", "Play", "font: inherit; margin-right: 1em");
    button.type = "button";
    const label = add(line, "label", "Sound, frames late: ");
    const slider = add(label, "input", "", "vertical-align: middle; width: 14em");
    Object.assign(slider, {type: "range", min: Math.min(...shifts), max: Math.max(...shifts),
                           step: 1, value: 0});
    const number = add(label, "output", "0", "margin-left: .5em");
    below.setAttribute("aria-live", "polite");

    const strip = new Image();
    strip.addEventListener("load", () => {
      [stage.width, stage.height] = [strip.width / frames, strip.height];
      stage.style.width = `${Math.round(320 / stage.height) * stage.width}px`;
      draw(0);
      for (const shown of figure.querySelectorAll("img")) shown.style.display = "none";
      audio.style.display = "none";  // both are for who has no script
    });
    strip.src = figure.dataset.strip;

    let context = null, source = null, sound = null, began = 0;

    function draw(frame) {
      const {width, height} = stage;
      stage.dataset.frame = frame;
      stage.getContext("2d").drawImage(
        strip, frame * width, 0, width, height, 0, 0, width, height);
    }

    function shift() {
      return Number(slider.value);
    }

    function say() {
      number.textContent = slider.value;
      if (texts.has(shift())) below.textContent = texts.get(shift());
    }

    async function play() {
      context = context || new AudioContext();
      await context.resume();
      if (!sound) {
        const bytes = Uint8Array.from(atob(audio.src.split(",")[1]), (c) => c.charCodeAt(0));
        sound = await context.decodeAudioData(bytes.buffer);
      }
      source = context.createBufferSource();
      Object.assign(source, {buffer: sound, loop: true});
      source.connect(context.destination);
      const offset = (((-shift() / frames) % 1) + 1) % 1 * sound.duration;
      began = context.currentTime;
      source.start(0, offset);
      source.stop(began + seconds);
      const mine = source;
      mine.addEventListener("ended", () => mine === source && end());
      button.textContent = "Stop";
      requestAnimationFrame(() => tick(mine));
    }

    function tick(mine) {
      if (mine !== source) return;
      const share = (context.currentTime - began) / seconds;
      draw(Math.min(frames - 1, Math.max(0, Math.floor(share * frames))));
      requestAnimationFrame(() => tick(mine));
    }

    function end() {
      if (source) source.stop();
      source = null;
      button.textContent = "Play";
    }

    button.addEventListener("click", () => source ? end() : play());
    slider.addEventListener("input", () => { end(); say(); });
    say();
  }
})();
