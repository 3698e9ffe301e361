# The part "crawl" of scripts/prove, which sources it: politeness, truth, completeness, kills. Its rows come from scripts/prove-crawl.
section "A crawl that can be trusted"
need_binary || return

for part in kinds politeness faults kills since frontier; do
    RUSTC_WORKSPACE_WRAPPER=${driver:-} scripts/prove-crawl/$part.sh "$bin" 2>"$work/$part.txt" | tee -a "$work/section.md"
    [ "${PIPESTATUS[0]}" = 0 ] || { bad=$((bad + 1)); tail -5 "$work/$part.txt" >&2; }
done
# -- pages that scripts fill, in a real browser
command -v chromium >/dev/null 2>&1 || { [ "$(id -u)" = 0 ] && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; }
if command -v chromium >/dev/null 2>&1; then
    tests --features browser --test render -- --test-threads 1 >"$work/render.txt" 2>&1
    holds "real Chromium: columns, shells and walls are seen, hostile pages bounded, rate kept, never a POST, no process left" $? "$(chromium --version 2>/dev/null | head -1); $(grep -m1 -E '^test result' "$work/render.txt" | sed 's/; 0 ignored.*//')"
else
    say "| pages that scripts fill, in a real browser | skipped | no chromium |"
fi
