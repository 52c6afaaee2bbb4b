"""A browser, driven through chromedriver by the W3C WebDriver protocol (w3.org/TR/webdriver2): what the tests of the page need of it.

    with Browser() as b:
        b.open("build/page.html")
        b.run("return document.title")
        b.key(ARROW_RIGHT)
"""
import json
import os
import shutil
import subprocess
import tempfile
import urllib.request

ARROW_LEFT, ARROW_RIGHT, HOME, END = "\ue012", "\ue014", "\ue011", "\ue010"


class Browser:
    def __init__(self, width=1280, height=900):
        self.profile = tempfile.mkdtemp(prefix="fsrace-browser-")
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.driver.stdout:  # it says which port it found
            if "on port " in line and "started" in line:
                self.url = "http://127.0.0.1:%d" % int(line.rstrip(".\n").rsplit(" ", 1)[1])
                break
        else:
            raise OSError("chromedriver does not start")
        # No sandbox: it cannot be had as root, nor in many containers; the pages are our own, and there is no network in them.
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-background-networking",
                     "--disable-dev-shm-usage", "--user-data-dir=" + self.profile]
        wanted = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": {"args": arguments}, "goog:loggingPrefs": {"browser": "ALL"}}}}
        self.session = "/session/" + self.call("POST", "/session", wanted)["sessionId"]
        self.size(width, height)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.call("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait()
            self.driver.stdout.close()
            shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method, path, body=None):
        data = None if method == "DELETE" else json.dumps(body or {}).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def cdp(self, command, **params):
        """A command of Chromium's own."""
        return self.call("POST", self.session + "/goog/cdp/execute", {"cmd": command, "params": params})

    def size(self, width, height):
        """Of the page, not of the window, which has a least width."""
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def dark(self, on):
        self.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if on else "light"}])

    def open(self, path):
        self.call("POST", self.session + "/url", {"url": "file://" + os.path.abspath(path)})

    def run(self, script, *arguments):
        return self.call("POST", self.session + "/execute/sync", {"script": script, "args": list(arguments)})

    def key(self, key):
        actions = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self.call("POST", self.session + "/actions", {"actions": [{"type": "key", "id": "k", "actions": actions}]})

    def complaints(self):
        """What the console has said since it was last asked."""
        return [entry["message"] for entry in self.call("POST", self.session + "/se/log", {"type": "browser"})
                if entry["level"] in ("SEVERE", "WARNING")]

    def picture(self, path, whole=False):
        import base64
        area = {"captureBeyondViewport": True} if whole else {}
        with open(path, "wb") as f:
            f.write(base64.b64decode(self.cdp("Page.captureScreenshot", **area)["data"]))
