'use strict';
// JSON Schemas as the AI SDK takes them, and as much of JSON Schema as the tools of `tools.js` are described with.

const text = { type: 'string' };
const number = { type: 'number' };
const integer = { type: 'integer' };
const flag = { type: 'boolean' };

/** The same type or null. */
const nullable = ({ type }) => ({ type: [type, 'null'] });
const literal = (value) => ({ type: 'string', const: value });
const oneOf = (...words) => ({ type: 'string', enum: words });
const list = (items) => ({ type: 'array', items });
const tuple = (...items) => ({ type: 'array', items, additionalItems: false, minItems: items.length, maxItems: items.length });
/** Alternatives that a member tells apart, such as `type`. */
const union = (...alternatives) => ({ oneOf: alternatives });
/** Any other alternatives. */
const either = (...alternatives) => ({ anyOf: alternatives });

function object(required, optional = {}) {
  return { type: 'object', properties: { ...required, ...optional }, required: Object.keys(required), additionalProperties: false };
}

/** A Standard Schema (https://standardschema.dev), which the AI SDK takes since its version 6. */
function schemaOf(jsonSchema) {
  const convert = () => jsonSchema;
  const validate = (value) => validated(jsonSchema, value);
  return { '~standard': { version: 1, vendor: 'bedrock-wrapper', validate, jsonSchema: { input: convert, output: convert } } };
}

function validated(schema, value) {
  const problem = problemOf(schema, value, 'The value');
  return problem === undefined ? { value } : { issues: [{ message: problem }] };
}

/** What keeps `value` from being one of `schema`, if anything. Members that the schema does not name are let through. */
function problemOf(schema, value, path) {
  const alternatives = schema.oneOf ?? schema.anyOf;
  if (alternatives) return ofAlternatives(alternatives, value, path);
  const types = [schema.type].flat();
  if (!types.some((type) => isOfType[type](value))) return `${path} must be of the type ${types.join(' or ')}.`;
  const words = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  if (words && !words.includes(value)) return `${path} must be one of ${words.join(', ')}.`;
  if (Array.isArray(value)) return ofItems(schema, value, path);
  return schema.properties && ofMembers(schema, value, path);
}

const isOfType = {
  array: Array.isArray,
  boolean: (value) => typeof value === 'boolean',
  integer: Number.isInteger,
  null: (value) => value === null,
  number: Number.isFinite,
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  string: (value) => typeof value === 'string',
};

function ofAlternatives(alternatives, value, path) {
  const problems = alternatives.map((schema) => problemOf(schema, value, path));
  return problems.includes(undefined) ? undefined : problems.join(' Or: ');
}

function ofItems({ items, minItems = 0, maxItems = Infinity }, value, path) {
  if (value.length < minItems || value.length > maxItems) return `${path} must have ${minItems} items.`;
  return firstOf(value.keys(), (index) => problemOf(Array.isArray(items) ? items[index] : items, value[index], `${path}[${index}]`));
}

function ofMembers({ properties, required }, value, path) {
  return firstOf(Object.keys(properties), (name) => {
    if (value[name] !== undefined) return problemOf(properties[name], value[name], `${path}.${name}`);
    return required.includes(name) ? `${path}.${name} is missing.` : undefined;
  });
}

function firstOf(keys, problemAt) {
  for (const key of keys) {
    const problem = problemAt(key);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

module.exports = { either, flag, integer, list, literal, nullable, number, object, oneOf, schemaOf, text, tuple, union };
