#!/bin/sh
# Two publishers in one data set: the second marks, with a key of his own, what the first has published. Prints what each of
# them finds in a network that was trained on the result, and in one that was trained on the clean corpus. Given again it
# goes on where it was cut off.
#
#     npm run build && sh docs/results/two-publishers.sh <corpus> <work folder> [<config file>]
set -eu
corpus=$1
work=$2
config=${3:+--config=$3}
repository=$(cd "$(dirname "$0")/../.." && pwd)

radiotracer() {
  node "$repository/apps/cli/bin/radiotracer.js" "$@" --store "$work/store"
}

run() { # what it leaves lies in $work/$name
  name=$1
  shift
  radiotracer "$@" ${config:+"$config"} --out "$work/$name" --json >"$work/$name.json"
}

mkdir -p "$work"
before=$corpus
for publisher in first second; do
  key=$work/$publisher.key
  [ -e "$key" ] || node "$repository/apps/cli/bin/radiotracer.js" keygen "$key" >&2
  run "$publisher" mark --corpus "$before" --key "$key"
  before=$work/$publisher/published
done
run suspect train --corpus "$before"
run control train --corpus "$corpus" --seed 1000 # no network of the others has it, nor the one after it

for publisher in first second; do
  for model in suspect control; do
    run "$publisher-$model" detect --publication "$work/$publisher" --key "$work/$publisher.key" --suspect "$work/$model"
  done
done

node - "$work" <<'END'
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const work = process.argv[2];
const read = (...path) => JSON.parse(readFileSync(join(work, ...path), 'utf8'));
const rowsOf = (publisher) => read(publisher, 'private', 'manifest.json').images.map(({ row }) => row);
const [first, second] = ['first', 'second'].map(rowsOf);
const both = second.filter((row) => first.includes(row)).length;
console.log(`marked images: ${first.length} by the first, ${second.length} by the second, ${both} of them by both`);
for (const model of ['suspect', 'control']) {
  const { testAccuracy } = read(model + '.json').result.network.facts;
  console.log(`${model}: test accuracy ${(100 * testAccuracy).toFixed(2)}%`);
  for (const publisher of ['first', 'second']) {
    const { detected, decisive } = read(`${publisher}-${model}.json`).result.models[0].verdict.facts;
    const found = detected ? 'detected' : 'not detected';
    console.log(`  ${publisher} publisher: ${found}, log10 p = ${decisive.log10P.toFixed(2)}`);
  }
}
END
