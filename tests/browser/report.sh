#!/usr/bin/env bash
# Opens reports of runs in Chromium at the width of a desktop and of a telephone: nothing may be wider than the page, nothing may be loaded from elsewhere, every picture must be there.
# Usage: tests/browser/report.sh [--shots folder] [report.html ...]    without files it trains small runs of every kind of task and looks at their reports
# Needs Chromium (on Debian: apt-get install chromium).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
browser=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
if [ -z "$browser" ]; then
  echo "report.sh: there is no Chromium; install it (apt-get install chromium) or name one in CHROMIUM." >&2
  exit 2
fi
shots=
if [ "${1:-}" = --shots ]; then
  shots=${2:?--shots needs a folder}
  mkdir -p "$shots"
  shift 2
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ $# -eq 0 ]; then
  cat "$root"/docs/course/*.md | head -c 60000 >"$work/book.txt"
  train() { "$root/glia" train "$@" --no-store --quiet >/dev/null; }
  train digits --epochs 5 --out "$work/digits"
  train iris --out "$work/iris"
  train diabetes --out "$work/diabetes"
  train co2 --epochs 20 --out "$work/co2"
  train two-clusters --family perceptron --out "$work/perceptron"
  train "$work/book.txt" --steps 200 --hidden 32 --out "$work/book"
  train moving-digits --steps 5 --epochs 1 --out "$work/videos"
  train iris --optimizer sgd --learning-rate 1e30 --out "$work/failed" 2>/dev/null || true
  set -- "$work"/*/report.html
fi

chromium() {
  "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync \
    --hide-scrollbars --host-resolver-rules='MAP * ~NOTFOUND' --user-data-dir="$work/profile" "$@" 2>/dev/null
}

# A page that is too wide and wants a picture from elsewhere, which the check has to notice.
mkdir "$work/bad-page"
echo '<!DOCTYPE html><p style="width:2000px">wide</p><img src="https://example.org/a.png" alt="">' >"$work/bad-page/report.html"
set -- "$work/bad-page/report.html" "$@"

failed=0
for report in "$@"; do
  name=$(basename "$(dirname "$(readlink -f "$report")")")
  for width in 1280 390; do
    # The report in a frame of this width, since windows cannot be as narrow; measured from outside, since the page itself allows no scripts.
    frame=$work/frame.html
    {
      printf '<!DOCTYPE html><body style="margin:0"><iframe id="f" style="border:0;width:%spx;height:900px" srcdoc="' "$width"
      sed -e 's/&/\&amp;/g' -e 's/"/\&quot;/g' "$report"
      cat <<'END'
"></iframe><pre id="result">none</pre><script>
addEventListener('load', () => {
  const page = f.contentDocument, loaded = f.contentWindow.performance.getEntriesByType('resource').filter(e => !e.name.startsWith('data:')).length;
  const broken = [...page.images].filter(i => i.getClientRects().length && !(i.complete && i.naturalWidth)).length;
  const hidden = [...page.querySelectorAll('figure.chart')].filter(c => ![...c.querySelectorAll('svg,img')].some(s => s.getBoundingClientRect().width > 100)).length;
  const wide = [...page.querySelectorAll('body *')].filter(e => !e.closest('.wide,pre,svg') && e.getBoundingClientRect().right > f.clientWidth + 1).map(e => e.tagName).slice(0, 3);
  result.textContent = `width ${page.documentElement.scrollWidth} of ${f.clientWidth}, height ${page.documentElement.scrollHeight}, ${loaded} loaded, ${broken} broken, ${hidden} hidden, wide: ${wide}`;
  f.style.height = page.documentElement.scrollHeight + 'px';
});
</script></body>
END
    } >"$frame"
    found=$(chromium --window-size=1300,1000 --dump-dom "file://$frame" | grep -o '<pre id="result">[^<]*' | sed 's/.*>//')
    seen=$(sed -n 's/^width \([0-9]*\) of .*/\1/p' <<<"$found")
    if [ -n "$seen" ] && [ "$seen" -le "$width" ] && [[ $found == *", 0 loaded, 0 broken, 0 hidden, wide: " ]]; then
      if [ "$name" = bad-page ]; then
        echo "FAILED  a page that is at fault was not noticed at $width: $found"
        failed=1
        continue
      fi
      echo "ok      $name at $width: $found"
    elif [ "$name" = bad-page ] && [[ $found == "width 2008 "*" 1 loaded, 1 broken, 0 hidden, wide: P"* ]]; then
      continue
    else
      echo "FAILED  $name at $width: ${found:-no answer}"
      failed=1
    fi
    if [ -n "$shots" ] && [ "$name" != bad-page ]; then
      height=$(sed -n 's/.*height \([0-9]*\),.*/\1/p' <<<"$found")
      chromium --window-size="$((width < 500 ? 500 : width)),${height:-2000}" --screenshot="$shots/$name-$width.png" "file://$frame" >/dev/null
    fi
  done
done
exit $failed
