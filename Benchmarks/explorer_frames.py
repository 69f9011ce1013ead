#!/usr/bin/env python3
"""Measures how fast an explorer opens and zooms, in headless Chromium with software rendering.

usage: explorer_frames.py PAGE.html [ROUNDS]     (PAGE as `penumbra explore` or `compare` writes it)
needs: chromium on the PATH; no Python packages.

Prints for each round the milliseconds from navigation to the second frame after the page has unpacked its data. Then zooms
in and out with the wheel for 40 frames, and prints milliseconds of JavaScript and total milliseconds per frame.
"""

import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

FIRST_FRAME = """(() => {
  let seen = 0
  const look = () => {
    if (window.penumbraExplorer && ++seen === 2) window.measuredFrame = performance.now()
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
})()"""

ZOOM = """(async () => {
  const box = document.querySelector('canvas').getBoundingClientRect()
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2], start = performance.now()
  for (let frame = 0; frame < 40; frame++) {
    const wheel = {deltaY: frame < 20 ? -30 : 30, clientX: x, clientY: y, bubbles: true, cancelable: true}
    document.elementFromPoint(x, y).dispatchEvent(new WheelEvent('wheel', wheel))
    await new Promise(done => requestAnimationFrame(done))
  }
  return (performance.now() - start) / 40
})()"""


class Chromium:
    """Speaks the DevTools protocol over file descriptors 3 and 4: JSON messages, each terminated by a NUL byte."""

    def __init__(self, folder):
        commands, self.output = os.pipe()
        self.input, answers = os.pipe()
        self.buffer, self.numbers, self.session = b"", itertools.count(1), None

        def connect():
            # Go through numbers that none of the pipes uses, so that no dup2 overwrites the other pipe.
            os.dup2(commands, 100), os.dup2(answers, 101), os.dup2(100, 3), os.dup2(101, 4)

        self.process = subprocess.Popen(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
             f"--user-data-dir={folder}", "about:blank"],
            preexec_fn=connect, close_fds=False, stderr=subprocess.DEVNULL)
        os.close(commands), os.close(answers)
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Performance"):
            self.call(domain + ".enable")
        self.call("Emulation.setDeviceMetricsOverride", width=1400, height=900, deviceScaleFactor=1, mobile=False)

    def call(self, method, **parameters):
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.output, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self.buffer:
                self.buffer += os.read(self.input, 1 << 20)
            text, self.buffer = self.buffer.split(b"\0", 1)
            answer = json.loads(text)
            if answer.get("id") == number:
                if "error" in answer:
                    raise OSError(answer["error"])
                return answer["result"]

    def value(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        return result["result"].get("value")

    def script_seconds(self):
        return next(m["value"] for m in self.call("Performance.getMetrics")["metrics"] if m["name"] == "ScriptDuration")


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    page = pathlib.Path(sys.argv[1]).resolve()
    print(f"{page.name}: {page.stat().st_size / 1e6:.1f} MB")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = Chromium(folder)
        browser.call("Page.addScriptToEvaluateOnNewDocument", source=FIRST_FRAME)
        for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 3):
            browser.call("Page.navigate", url=page.as_uri())
            while not (first := browser.value("window.measuredFrame || 0")):
                time.sleep(0.01)
            before = browser.script_seconds()
            frame = browser.value(ZOOM)
            script = (browser.script_seconds() - before) * 1000 / 40
            print(f"first frame {first:.0f} ms; each frame: script {script:.2f} ms, total {frame:.0f} ms", flush=True)
        browser.process.kill()
        browser.process.wait()


main()
