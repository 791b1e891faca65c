// Lets the page of `voice_box` record: press, speak, press again. The browser's recording is
// decoded, brought to one channel at 16 kHz, written as a WAV and handed to the kernel through
// the hidden field that stands after the button.
(() => {
  const RATE = 16000, MOST_SECONDS = 10;

  for (const panel of document.querySelectorAll(".mmcourse-voice:not([data-started])")) {
    panel.dataset.started = "yes";
    start(panel);
  }

  function start(panel) {
    const button = panel.querySelector("button"), status = panel.querySelector("span");
    let recorder = null;
    if (!navigator.mediaDevices || !window.MediaRecorder) {
      status.textContent = "This page may not use a microphone: the browser has none, or the "
        + "address is neither localhost nor https. Upload a WAV instead.";
      return;
    }
    status.textContent = `Up to ${MOST_SECONDS} seconds; nothing leaves your computer.`;
    button.disabled = false;
    button.addEventListener("click", () => recorder ? recorder.stop() : record());

    async function record() {
      const field = fieldAfter(panel);
      if (!field) {
        status.textContent = "No kernel runs here to listen: run the cell first.";
        return;
      }
      try {
        const stream = await navigator.mediaDevices.getUserMedia({audio: true});
        const parts = [];
        recorder = new MediaRecorder(stream);
        recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
        recorder.addEventListener("stop", () => {
          clearTimeout(last);
          stream.getTracks().forEach((track) => track.stop());
          recorder = null;
          button.textContent = "Record";
          hand(new Blob(parts), field, status);
        });
        const last = setTimeout(() => recorder && recorder.stop(), 1000 * MOST_SECONDS);
        recorder.start();
        button.textContent = "Stop";
        status.textContent = "Speak now.";
      } catch (error) {
        recorder = null;
        status.textContent = `No microphone: ${error.message}. Upload a WAV instead.`;
      }
    }
  }

  function fieldAfter(panel) {
    const after = Node.DOCUMENT_POSITION_FOLLOWING;
    return [...document.querySelectorAll(".mmcourse-voice-wave textarea")]
      .find((field) => panel.compareDocumentPosition(field) & after);
  }

  async function hand(blob, field, status) {
    try {
      const context = new AudioContext();
      const sound = await context.decodeAudioData(await blob.arrayBuffer());
      context.close();
      const length = Math.ceil(sound.duration * RATE);
      const offline = new OfflineAudioContext(1, length, RATE);  // filters, and mixes channels
      const source = offline.createBufferSource();
      source.buffer = sound;
      source.connect(offline.destination);
      source.start();
      const samples = (await offline.startRendering()).getChannelData(0);
      field.value = base64(wav(samples));
      for (const name of ["input", "change"]) {
        field.dispatchEvent(new Event(name, {bubbles: true}));
      }
      status.textContent = `${sound.duration.toFixed(1)} seconds were recorded.`;
    } catch (error) {
      status.textContent = `The recording cannot be read: ${error.message}.`;
    }
  }

  function wav(samples) {
    const view = new DataView(new ArrayBuffer(44 + 2 * samples.length));
    const word = (at, text) => [...text].forEach((c, i) => view.setUint8(at + i, c.charCodeAt()));
    word(0, "RIFF"); view.setUint32(4, 36 + 2 * samples.length, true); word(8, "WAVEfmt ");
    view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 1, true);
    view.setUint32(24, RATE, true); view.setUint32(28, 2 * RATE, true);
    view.setUint16(32, 2, true); view.setUint16(34, 16, true);
    word(36, "data"); view.setUint32(40, 2 * samples.length, true);
    samples.forEach((sample, i) => {
      view.setInt16(44 + 2 * i, Math.max(-1, Math.min(1, sample)) * 32767, true);
    });
    return new Uint8Array(view.buffer);
  }

  function base64(bytes) {
    let text = "";
    bytes.forEach((byte) => { text += String.fromCharCode(byte); });
    return btoa(text);
  }
})();
