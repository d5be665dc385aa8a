import { register } from 'node:module';

/** Loaded with `--import`: whatever imports TensorFlow or Temporal afterwards fails. */
const hooks = `export async function resolve(specifier, context, next) {
  if (/^@(tensorflow|temporalio)\\//.test(specifier)) throw new Error('imported ' + specifier);
  return next(specifier, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
