# The part "crawl" of scripts/prove, which sources it: politeness, truth, completeness, kills. Its rows come from scripts/prove-crawl.
section "A crawl that can be trusted"
need_binary || return

for part in kinds politeness faults kills since frontier; do
    RUSTC_WORKSPACE_WRAPPER=${driver:-} scripts/prove-crawl/$part.sh "$bin" 2>"$work/$part.txt" | tee -a "$work/section.md"
    [ "${PIPESTATUS[0]}" = 0 ] || { bad=$((bad + 1)); tail -5 "$work/$part.txt" >&2; }
done
