"""The pages of `fsrace run --html` in a real browser: test.py DIRECTORY-OF-PAGES. Each page is one that tests/suite/browser.sh has made."""
import os
import sys

from webdriver import ARROW_LEFT, ARROW_RIGHT, END, HOME, Browser

pages = sys.argv[1]
passed = failed = 0


def check(name, good, *reason):
    global passed, failed
    if good:
        passed += 1
        print("ok browser:", name)
    else:
        failed += 1
        print("FAIL browser:", name + ":", *reason)


def same(name, got, want):
    check(name, got == want, "is", repr(got)[:300], "not", repr(want)[:300])


TEXT = "return document.querySelector(arguments[0]).textContent"
STEP = "return document.querySelector('.where').textContent"
CAPTION = "return document.querySelector('.caption').textContent"
SEEN = "return document.querySelector('.player .panels').textContent + document.querySelector('.caption').textContent"
PRESS = """const b = [...document.querySelectorAll('button')].find(b => (b.getAttribute('aria-label') || b.textContent).startsWith(arguments[0]));
b.click(); return b.textContent;"""


def quiet(b, name):
    same(name + ": the console is quiet", b.complaints(), [])


def test_steps(b):
    b.open(pages + "/two-creators.html")
    same("steps: begins before the first", b.run(STEP), "step 0 of 27")
    seen = []
    for _ in range(27):
        seen.append(b.run(SEEN))
        b.key(ARROW_RIGHT)
    same("steps: to the end", b.run(STEP), "step 27 of 27")
    b.key(ARROW_RIGHT)
    same("steps: no further", b.run(STEP), "step 27 of 27")
    back = []
    for _ in range(27):
        b.key(ARROW_LEFT)
        back.append(b.run(SEEN))
    check("steps: back is what was seen on the way forth", back[::-1] == seen, "other text")
    check("steps: all differ", len(set(seen)) == 27, len(set(seen)))
    b.key(END)
    same("steps: End", b.run(STEP), "step 27 of 27")
    b.key(HOME)
    same("steps: Home", b.run(STEP), "step 0 of 27")
    quiet(b, "steps")


def test_violation(b):
    b.open(pages + "/two-creators.html")
    b.key("v")
    same("violation: where", b.run(STEP), "step 13 of 27")
    check("violation: why", "both created app, as incarnations i2-1 and i1-1" in b.run(CAPTION), b.run(CAPTION))
    check("violation: its property is broken", "brokenone_creator" in b.run(TEXT, ".props"), b.run(TEXT, ".props"))
    check("violation: the store", '"incarnation":"i1-1"' in b.run(TEXT, ".fresh .content"), b.run(TEXT, ".fresh"))
    check("violation: nodes differ", b.run("return [...document.querySelectorAll('.node')].map(n => n.textContent)")[:2] ==
          ["i1ingestorapp is i1-1, created 7 ms; a: int nodes differlock app is held by i1",
           "i2ingestorapp is i2-1, created 14 ms; a: int nodes differi2.r = accepted"], b.run("return [...document.querySelectorAll('.node')].map(n => n.textContent)"))
    b.key(ARROW_LEFT)
    check("violation: before it", "holdsone_creator" in b.run(TEXT, ".props"), b.run(TEXT, ".props"))
    b.key("r")
    same("violation: to the race", b.run(STEP), "step 8 of 27")
    b.run(PRESS, "jump to the racing pair")
    same("violation: to its other step", b.run(STEP), "step 13 of 27")
    same("violation: the pair is marked on both sides", b.run("return document.querySelectorAll('.pair .racing').length"), 4)
    check("violation: the race in words", "i2 store.list app/.stream and i1 store.put app/.stream/.ingestor.i1.stream.json" in
          b.run("return document.querySelector('[aria-labelledby=pair-title]').textContent"), "not said")
    b.run(PRESS, "play")
    same("violation: plays", b.run("return document.querySelector('[aria-label^=play]').textContent.slice(2)"), "pause")
    b.key(" ")
    same("violation: stops", b.run("return document.querySelector('[aria-label^=play]').textContent.slice(2)"), "play")
    quiet(b, "violation")


def test_choice(b):
    b.open(pages + "/two-creators.html")
    same("choice: variants side by side", b.run("return [...document.querySelectorAll('thead button')].map(b => b.textContent)"),
         ["naive", "looks-both", "proxy", "marker"])
    b.run(PRESS, "marker, one_creator")
    check("choice: a verdict", "always in 20 of 20" in b.run(TEXT, "dl.strip"), b.run(TEXT, "dl.strip"))
    check("choice: its command", "--variant marker --order" in b.run(TEXT, ".command pre"), b.run(TEXT, ".command pre"))
    b.key(END)
    check("choice: whose the marker is", "i1, done" in b.run(TEXT, ".tree"), b.run(TEXT, ".tree"))
    same("choice: nothing to jump to", b.run("return document.querySelector('[aria-label^=\"jump to the violation\"]').disabled"), True)
    b.run(PRESS, "show outcome 2")
    check("choice: an outcome", "Every property holds here" in b.run("return document.querySelector('#player-title').nextSibling.textContent"), "not said")
    check("choice: in what outcomes differ", "i1/.stream" not in b.run(TEXT, ".ends") and ".markers/app.1: " in b.run(TEXT, ".ends"), b.run(TEXT, ".ends"))
    quiet(b, "choice")


def test_hostile(b):
    b.open(pages + "/hostile.html")
    same("hostile: title", b.run("return document.title"), "hostile \u2013 fsrace")
    same("hostile: heading", b.run(TEXT, "h1"), "</script><script>document.title='bad'</script>")
    b.key(END)
    for run in range(2):
        for text in ["<b>bold<b>", "</script><script>document.title='bad'</script><!-- <script>", "<img src=x onerror=alert(1)>"]:
            check("hostile: as text: " + text, text in b.run(TEXT, "main"), "not there")
        b.run(PRESS, "constructor")
        b.key(END)
    same("hostile: no element of theirs", b.run("return document.querySelectorAll('img, iframe, object, main script, main style, body > b, svg svg, main u, [onload], [onerror]').length"), 0)
    same("hostile: two scripts", b.run("return document.scripts.length"), 2)
    same("hostile: nothing is loaded", b.run("return performance.getEntriesByType('resource').length"), 0)
    quiet(b, "hostile")
    b.run("const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s);")
    same("hostile: the policy stops other scripts", b.run("return window.ran === undefined"), True)
    b.complaints()


CONTRAST = """
const light = c => { const v = c.match(/[\\d.]+/g).slice(0, 3).map(x => x / 255).map(x => x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
  return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (!/, 0\\)$/.test(c)) return c; } return 'rgb(255, 255, 255)'; };
let least = [99, ''];
for (const e of document.querySelectorAll('main *, header *')) {
  if (!e.checkVisibility() || e.disabled || e.closest('svg, .future') || ![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
  const a = light(getComputedStyle(e).color), b = light(ground(e)), ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  if (ratio < least[0]) least = [ratio, e.outerHTML.slice(0, 100)];
}
return least;"""


def test_looks(b):
    for page in ["two-creators", "hostile", "large", "index"]:
        for width in [360, 768, 2560]:
            b.size(width, 900)
            b.open(pages + "/" + page + ".html")
            b.key(END)
            wide = b.run("return [document.documentElement.scrollWidth, innerWidth]")
            check("looks: %s at %d pixels" % (page, width), wide[0] <= wide[1], wide)
    b.size(1280, 900)
    grounds = []
    for dark in [False, True]:
        b.dark(dark)
        b.open(pages + "/two-creators.html")
        b.key("v")
        least = b.run(CONTRAST)
        check("looks: contrast, " + ("dark" if dark else "light"), least[0] >= 4.5, least)
        grounds.append(b.run("return getComputedStyle(document.body).backgroundColor"))
    check("looks: dark is dark", grounds[0] != grounds[1], grounds)
    b.run(PRESS, "dark")
    same("looks: the button goes back", b.run("return getComputedStyle(document.body).backgroundColor"), grounds[0])
    b.dark(False)
    b.cdp("Emulation.setEmulatedMedia", media="print")
    same("looks: no buttons in print", b.run("return document.querySelector('.controls').checkVisibility()"), False)
    b.cdp("Emulation.setEmulatedMedia", media="")
    b.size(1280, 300)
    b.open(pages + "/two-creators.html")
    rows = "return document.querySelectorAll('.diagram .hit').length"
    check("looks: few rows on a small screen", b.run(rows) < 27, b.run(rows))
    b.run("dispatchEvent(new Event('beforeprint'))")
    same("looks: all rows in print", b.run(rows), 27)
    b.size(1280, 900)
    quiet(b, "looks")


def test_large(b):
    b.open(pages + "/large.html")
    steps = b.run("return Number(document.querySelector('input[type=range]').max)")
    check("large: steps", steps > 4900, steps)
    for position in [steps, 2500, 0]:
        b.run("const r = document.querySelector('input[type=range]'); r.value = arguments[0]; r.dispatchEvent(new Event('input'));", position)
        same("large: at step %d" % position, b.run(STEP), "step %d of %d" % (position, steps))
        rows = b.run("return document.querySelectorAll('.diagram .hit').length")
        check("large: few rows are drawn", 10 < rows < 120, rows)
    quiet(b, "large")


def test_for_all(b):
    """Keyboard and screen reader."""
    b.open(pages + "/two-creators.html")
    b.key("v")
    same("for all: each control has a name", b.run("""return [...document.querySelectorAll('button, input, summary, [role=group], svg[role=img], section')].filter(e =>
        !(e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || e.textContent.trim())).map(e => e.outerHTML.slice(0, 80))"""), [])
    check("for all: the step is said", b.run("return document.querySelector('input[type=range]').getAttribute('aria-valuetext')").startswith("step 13: i1 writes "), "not so")
    same("for all: and told", b.run("return document.querySelector('.caption').getAttribute('aria-live')"), "polite")
    levels = b.run("return [...document.querySelectorAll('h1, h2, h3, h4')].map(h => Number(h.tagName[1]))")
    check("for all: headings go down one by one", levels[0] == 1 and all(n <= m + 1 for m, n in zip(levels, levels[1:])), levels)
    b.run("document.querySelector('.player details').open = true")
    b.run("return new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    same("for all: the steps as a list", b.run("return document.querySelectorAll('.player details li').length"), 27)
    b.run("document.querySelectorAll('.player details li button')[3].click()")
    same("for all: and back into the picture", b.run(STEP), "step 4 of 27")
    quiet(b, "for all")


def test_index(b):
    b.open(pages + "/index.html")
    same("index: rows", b.run("return [...document.querySelectorAll('tbody a')].map(a => a.textContent)"), ["hostile", "large", "two-creators"])
    check("index: verdict", "all as expected" in b.run(TEXT, "header"), b.run(TEXT, "header"))
    b.run("document.querySelectorAll('tbody a')[2].click()")
    same("index: leads there", b.run(TEXT, "h1"), "Two ingestors create one stream")
    quiet(b, "index")


with Browser() as browser:
    for test in [test_steps, test_violation, test_choice, test_hostile, test_looks, test_large, test_for_all, test_index]:
        test(browser)
print("%d passed, %d failed" % (passed, failed))
sys.exit(failed > 0)
