# The part "registry and columns" of scripts/prove, which sources it: what an office sets up, and columns of generated units proposed.
section "Registry and columns"
need_binary || return
units=200
started=$(seconds)
"$bin" accuracy --columns $units --out "$root/reports/columns.md" 2>"$work/columns.txt"
status=$?
line() { grep -E "$1" "$root/reports/columns.md" | sed 's/^- //'; }
share=$(awk -F'|' '$2 ~ /^ all/ && $3 ~ /^ all/ { print $10 ":" $5 "of" $4 "right," $7 "wrong and marked as unsure," $8 "wrong," $9 "missing" }' "$root/reports/columns.md" | tr -s ' ')
holds "$units generated units in four CMS manners, some under paths of one platform: at least 95 % of column bindings proposed rightly" \
    "$([ $status = 0 ]; echo $?)" "$share, $(since "$started") s; reports/columns.md"
holds "None confirmed wrongly" "$(line 'Proposals of confidence' | grep -q 'would be: 0\.$' && line 'Corrected to the truth' | grep -q ' 0 of them wrongly'; echo $?)" \
    "$(line 'Proposals of confidence')"
holds "Import, correct, import again loses nothing" "$(line 'Corrected to the truth' | grep -q ': 0 lost or changed'; echo $?)" "$(line 'Corrected to the truth')"
tests_hold "The office's table: every bad row named, none half-imported, written such that it reads the same; the workbook of columns likewise" registry
