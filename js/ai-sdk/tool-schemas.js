'use strict';
// What Anthropic's tools are called with and give, as `@ai-sdk/anthropic` 4.0.68 describes them (src/tool).

const { either, flag, integer, list, literal, nullable, number, object, oneOf, text, tuple, union } = require('./schema.js');

const point = tuple(integer, integer);
const area = tuple(integer, integer, integer, integer);

const CLICKS = ['left_click', 'right_click', 'middle_click', 'double_click'];
const ACTIONS_2024 = [...CLICKS, 'key', 'type', 'mouse_move', 'left_click_drag', 'screenshot', 'cursor_position'];
const ACTIONS_2025 = [...ACTIONS_2024, 'hold_key', 'left_mouse_down', 'left_mouse_up', 'triple_click', 'scroll', 'wait'];

const pointing = {
  coordinate: point,
  duration: number,
  scroll_amount: number,
  scroll_direction: oneOf('up', 'down', 'left', 'right'),
  start_coordinate: point,
  text,
};

const editing = {
  file_text: text,
  insert_line: integer,
  new_str: text,
  insert_text: text,
  old_str: text,
  view_range: list(integer),
};

const editor = (...commands) => object({ command: oneOf(...commands), path: text }, editing);
const inFile = (command, required, optional) => object({ type: literal('text_editor_code_execution'), command: literal(command), path: text, ...required }, optional);
const search = (what) => object({ [what]: text }, { limit: number });

const inputs = {
  advisor: object({}),
  bash: object({ command: text }, { restart: flag }),
  code: object({ code: text }),
  codeExecution: union(
    object({ type: literal('programmatic-tool-call'), code: text }),
    object({ type: literal('bash_code_execution'), command: text }),
    union(
      inFile('view'),
      inFile('create', {}, { file_text: nullable(text) }),
      inFile('str_replace', { old_str: text, new_str: text }),
    ),
  ),
  computer_20241022: object({ action: oneOf(...ACTIONS_2024) }, { coordinate: list(integer), text }),
  computer_20250124: object({ action: oneOf(...ACTIONS_2025) }, pointing),
  computer_20251124: object({ action: oneOf(...ACTIONS_2025, 'zoom') }, { ...pointing, region: area }),
  computerToolset: object({ action: oneOf(...ACTIONS_2025, 'zoom') }, { ...pointing, region: area, repeat: integer }),
  editor: editor('view', 'create', 'str_replace', 'insert'),
  editorWithUndo: editor('view', 'create', 'str_replace', 'insert', 'undo_edit'),
  memory: union(
    object({ command: literal('view'), path: text }, { view_range: tuple(number, number) }),
    object({ command: literal('create'), path: text, file_text: text }),
    object({ command: literal('str_replace'), path: text, old_str: text, new_str: text }),
    object({ command: literal('insert'), path: text, insert_line: number, insert_text: text }),
    object({ command: literal('delete'), path: text }),
    object({ command: literal('rename'), old_path: text, new_path: text }),
  ),
  searchByPattern: search('pattern'),
  searchByQuery: search('query'),
  url: object({ url: text }),
  webSearch: object({ query: text }),
};

const filesOf = (type) => list(object({ type: literal(type), file_id: text }));
const ran = { stderr: text, return_code: number };
const codeFiles = { content: { ...filesOf('code_execution_output'), default: [] } };
const codeResult = object({ type: literal('code_execution_result'), stdout: text, ...ran }, codeFiles);
const failure = (type) => object({ type: literal(type), error_code: text });
const source = (type, mediaType) => object({ type: literal(type), mediaType: literal(mediaType), data: text });

const executionResults = [
  codeResult,
  object({ type: literal('bash_code_execution_result'), content: filesOf('bash_code_execution_output'), stdout: text, ...ran }),
  failure('bash_code_execution_tool_result_error'),
  failure('text_editor_code_execution_tool_result_error'),
  object({
    type: literal('text_editor_code_execution_view_result'),
    content: text,
    file_type: text,
    num_lines: nullable(number),
    start_line: nullable(number),
    total_lines: nullable(number),
  }),
  object({ type: literal('text_editor_code_execution_create_result'), is_file_update: flag }),
  object({
    type: literal('text_editor_code_execution_str_replace_result'),
    lines: either(list(text), { type: 'null' }),
    new_lines: nullable(number),
    new_start: nullable(number),
    old_lines: nullable(number),
    old_start: nullable(number),
  }),
];

const outputs = {
  advice: union(
    object({ type: literal('advisor_result'), text }, { stopReason: text }),
    object({ type: literal('advisor_redacted_result'), encryptedContent: text }, { stopReason: text }),
    object({ type: literal('advisor_tool_result_error'), errorCode: text }),
  ),
  code: codeResult,
  codeExecution: union(...executionResults),
  codeExecutionEncrypted: union(
    ...executionResults,
    object({ type: literal('encrypted_code_execution_result'), encrypted_stdout: text, ...ran }, codeFiles),
  ),
  fetched: object({
    type: literal('web_fetch_result'),
    url: text,
    content: object(
      {
        type: literal('document'),
        title: nullable(text),
        source: either(source('base64', 'application/pdf'), source('text', 'text/plain')),
      },
      { citations: object({ enabled: flag }) },
    ),
    retrievedAt: nullable(text),
  }),
  found: list(object({ type: literal('web_search_result'), url: text, title: nullable(text), pageAge: nullable(text), encryptedContent: text })),
  tools: list(object({ type: literal('tool_reference'), toolName: text })),
};

module.exports = { inputs, outputs };
