// Anthropic's own tools, for Claude: what `tools` of a provider makes, as `tool()` of the AI SDK does.
// https://docs.claude.com/en/docs/agents-and-tools/tool-use/overview

/** A schema that checks values and has a JSON Schema (https://standardschema.dev). */
export interface ToolSchema<Value> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly types?: { readonly input: unknown; readonly output: Value } | undefined;
    readonly validate: (value: unknown) => { readonly value: Value; readonly issues?: undefined } | { readonly issues: ReadonlyArray<{ readonly message: string }> };
    readonly jsonSchema: {
      readonly input: (options: { readonly target: string }) => Record<string, unknown>;
      readonly output: (options: { readonly target: string }) => Record<string, unknown>;
    };
  };
}

/** What a function of a tool is told besides the input. `ai` gives more; that depends on its version. */
export interface ToolCall {
  toolCallId: string;
  messages: any[];
  abortSignal?: AbortSignal;
}

/** What a program adds to a tool. */
export interface ToolHandlers<Input> {
  onInputStart?: (call: ToolCall) => void | PromiseLike<void>;
  onInputDelta?: (call: ToolCall & { inputTextDelta: string }) => void | PromiseLike<void>;
  onInputAvailable?: (call: ToolCall & { input: Input }) => void | PromiseLike<void>;
}

/** What a program adds to a tool that it runs itself. */
export interface OwnToolHandlers<Input> extends ToolHandlers<Input> {
  needsApproval?: boolean | ((input: Input, call: ToolCall) => boolean | PromiseLike<boolean>);
  /** Gives what `toModelOutput` of `tool()` gives. */
  toModelOutput?: (result: { toolCallId: string; input: Input; output: any }) => any;
}

interface Tool<Input> extends ToolHandlers<Input> {
  type: 'provider';
  id: `anthropic.${string}`;
  args: Record<string, unknown>;
  inputSchema: ToolSchema<Input>;
}

/** A tool that runs in the program. */
export interface OwnTool<Input> extends Tool<Input>, OwnToolHandlers<Input> {
  isProviderExecuted: false;
}

/** The same with the function that runs it. */
export interface ExecutableTool<Input, Output> extends OwnTool<Input> {
  execute: Execute<Input, Output>;
}

/** Runs a tool. */
export type Execute<Input, Output> = (input: Input, call: ToolCall) => AsyncIterable<Output> | PromiseLike<Output> | Output;

/** A tool that runs at the service, where the model's API has it: Bedrock's does not have all. */
export interface ServiceTool<Input, Output> extends Tool<Input> {
  isProviderExecuted: true;
  outputSchema: ToolSchema<Output>;
  supportsDeferredResults?: boolean;
}

type WithoutArgs = {};

/** Makes a tool that runs in the program; without `execute` its calls are the program's to answer. */
export interface OwnToolFactory<Input, Args extends object> {
  <Output>(options: Args & OwnToolHandlers<Input> & { execute: Execute<Input, Output> }): ExecutableTool<Input, Output>;
  (...options: {} extends Args ? [options?: Args & OwnToolHandlers<Input>] : [options: Args & OwnToolHandlers<Input>]): OwnTool<Input>;
}

/** Makes a tool that runs commands: in `experimental_sandbox` of the call, unless a function is given, or `null` for none. */
export interface ShellToolFactory {
  (options?: OwnToolHandlers<BashInput> & { execute?: undefined }): ExecutableTool<BashInput, BashOutput>;
  (options: OwnToolHandlers<BashInput> & { execute: null }): OwnTool<BashInput>;
  <Output>(options: OwnToolHandlers<BashInput> & { execute: Execute<BashInput, Output> }): ExecutableTool<BashInput, Output>;
}

/** Makes a tool that runs at the service. */
export interface ServiceToolFactory<Input, Output, Args extends object> {
  (...options: {} extends Args ? [options?: Args & ToolHandlers<Input>] : [options: Args & ToolHandlers<Input>]): ServiceTool<Input, Output>;
}

/** By the names and dates of Anthropic's API. */
export interface AnthropicTools {
  /** Asks a stronger model for advice. */
  advisor_20260301: ServiceToolFactory<{}, Advice, AdvisorArgs>;
  bash_20241022: ShellToolFactory;
  bash_20250124: ShellToolFactory;
  codeExecution_20250522: ServiceToolFactory<{ code: string }, CodeResult, WithoutArgs>;
  codeExecution_20250825: ServiceToolFactory<CodeExecutionInput, CodeExecutionOutput, WithoutArgs>;
  codeExecution_20260120: ServiceToolFactory<CodeExecutionInput, CodeExecutionOutput | EncryptedCodeResult, WithoutArgs>;
  computer_20241022: OwnToolFactory<Computer2024Input, DisplayArgs>;
  computer_20250124: OwnToolFactory<ComputerInput<ComputerAction>, DisplayArgs>;
  computer_20251124: OwnToolFactory<ZoomingInput, DisplayArgs & { enableZoom?: boolean }>;
  computerToolset_20260801: OwnToolFactory<ZoomingInput & { repeat?: number }, ToolsetArgs>;
  memory_20250818: OwnToolFactory<MemoryInput, WithoutArgs>;
  textEditor_20241022: OwnToolFactory<EditorInput<EditorCommand | 'undo_edit'>, WithoutArgs>;
  textEditor_20250124: OwnToolFactory<EditorInput<EditorCommand | 'undo_edit'>, WithoutArgs>;
  textEditor_20250429: OwnToolFactory<EditorInput<EditorCommand>, WithoutArgs>;
  textEditor_20250728: OwnToolFactory<EditorInput<EditorCommand>, { /** Of a file that is viewed; what is beyond is cut. */ maxCharacters?: number }>;
  toolSearchBm25_20251119: ServiceToolFactory<{ query: string; limit?: number }, ToolReference[], WithoutArgs>;
  toolSearchRegex_20251119: ServiceToolFactory<{ pattern: string; limit?: number }, ToolReference[], WithoutArgs>;
  webFetch_20250910: ServiceToolFactory<{ url: string }, WebFetchOutput, WebFetchArgs>;
  webFetch_20260209: ServiceToolFactory<{ url: string }, WebFetchOutput, WebFetchArgs>;
  webFetch_20260318: ServiceToolFactory<{ url: string }, WebFetchOutput, WebFetchArgs & InclusionArgs & { useCache?: boolean }>;
  webSearch_20250305: ServiceToolFactory<{ query: string }, WebSearchOutput, WebSearchArgs>;
  webSearch_20260209: ServiceToolFactory<{ query: string }, WebSearchOutput, WebSearchArgs>;
  webSearch_20260318: ServiceToolFactory<{ query: string }, WebSearchOutput, WebSearchArgs & InclusionArgs>;
}

export interface AdvisorArgs {
  /** The model that gives advice. */
  model: string;
  maxUses?: number;
  /** Of an advice, 1024 or more. */
  maxTokens?: number;
  caching?: { type: 'ephemeral'; ttl: '5m' | '1h' };
}

export type Advice =
  | { type: 'advisor_result'; text: string; stopReason?: string }
  | { type: 'advisor_redacted_result'; encryptedContent: string; stopReason?: string }
  | { type: 'advisor_tool_result_error'; errorCode: string };

export interface BashInput {
  command: string;
  restart?: boolean;
}

/** What the sandbox of `ai` gives. */
export interface BashOutput {
  exitCode: number;
  stdout: string;
  stderr: string;
}

export type CodeExecutionInput =
  | { type: 'programmatic-tool-call'; code: string }
  | { type: 'bash_code_execution'; command: string }
  | { type: 'text_editor_code_execution'; command: 'view'; path: string }
  | { type: 'text_editor_code_execution'; command: 'create'; path: string; file_text?: string | null }
  | { type: 'text_editor_code_execution'; command: 'str_replace'; path: string; old_str: string; new_str: string };

interface Ran<Output extends string> {
  stderr: string;
  return_code: number;
  content: Array<{ type: Output; file_id: string }>;
}

export interface CodeResult extends Ran<'code_execution_output'> {
  type: 'code_execution_result';
  stdout: string;
}

export interface EncryptedCodeResult extends Ran<'code_execution_output'> {
  type: 'encrypted_code_execution_result';
  encrypted_stdout: string;
}

export type CodeExecutionOutput =
  | CodeResult
  | (Ran<'bash_code_execution_output'> & { type: 'bash_code_execution_result'; stdout: string })
  | { type: 'bash_code_execution_tool_result_error'; error_code: string }
  | { type: 'text_editor_code_execution_tool_result_error'; error_code: string }
  | {
      type: 'text_editor_code_execution_view_result';
      content: string;
      file_type: string;
      num_lines: number | null;
      start_line: number | null;
      total_lines: number | null;
    }
  | { type: 'text_editor_code_execution_create_result'; is_file_update: boolean }
  | {
      type: 'text_editor_code_execution_str_replace_result';
      lines: string[] | null;
      new_lines: number | null;
      new_start: number | null;
      old_lines: number | null;
      old_start: number | null;
    };

export interface DisplayArgs {
  /** Width of the display in pixels. */
  displayWidthPx: number;
  /** Height of the display in pixels. */
  displayHeightPx: number;
  /** Number of the display, of X11. */
  displayNumber?: number;
}

export interface Computer2024Input {
  action:
    | 'key'
    | 'type'
    | 'mouse_move'
    | 'left_click'
    | 'left_click_drag'
    | 'right_click'
    | 'middle_click'
    | 'double_click'
    | 'screenshot'
    | 'cursor_position';
  coordinate?: number[];
  text?: string;
}

export type ComputerAction =
  | Computer2024Input['action']
  | 'hold_key'
  | 'left_mouse_down'
  | 'left_mouse_up'
  | 'triple_click'
  | 'scroll'
  | 'wait';

export interface ComputerInput<Action extends string> {
  action: Action;
  coordinate?: [number, number];
  /** Seconds. */
  duration?: number;
  scroll_amount?: number;
  scroll_direction?: 'up' | 'down' | 'left' | 'right';
  start_coordinate?: [number, number];
  text?: string;
}

export interface ZoomingInput extends ComputerInput<ComputerAction | 'zoom'> {
  /** Left, top, right and bottom in pixels. */
  region?: [number, number, number, number];
}

export interface ToolsetArgs {
  /** By action: all are enabled unless it is said here. */
  configs?: Partial<Record<ComputerAction | 'zoom', { enabled?: boolean; deferLoading?: boolean }>>;
}

export type MemoryInput =
  | { command: 'view'; path: string; view_range?: [number, number] }
  | { command: 'create'; path: string; file_text: string }
  | { command: 'str_replace'; path: string; old_str: string; new_str: string }
  | { command: 'insert'; path: string; insert_line: number; insert_text: string }
  | { command: 'delete'; path: string }
  | { command: 'rename'; old_path: string; new_path: string };

export type EditorCommand = 'view' | 'create' | 'str_replace' | 'insert';

export interface EditorInput<Command extends string> {
  command: Command;
  path: string;
  file_text?: string;
  insert_line?: number;
  new_str?: string;
  insert_text?: string;
  old_str?: string;
  /** First and last line. */
  view_range?: number[];
}

export interface ToolReference {
  type: 'tool_reference';
  toolName: string;
}

export interface WebFetchArgs {
  maxUses?: number;
  allowedDomains?: string[];
  blockedDomains?: string[];
  citations?: { enabled: boolean };
  maxContentTokens?: number;
}

export interface InclusionArgs {
  /** Whether what was found is in the answer too. */
  responseInclusion?: 'full' | 'excluded';
}

export interface WebFetchOutput {
  type: 'web_fetch_result';
  url: string;
  content: {
    type: 'document';
    title: string | null;
    citations?: { enabled: boolean };
    source:
      | { type: 'base64'; mediaType: 'application/pdf'; data: string }
      | { type: 'text'; mediaType: 'text/plain'; data: string };
  };
  retrievedAt: string | null;
}

export interface WebSearchArgs {
  maxUses?: number;
  allowedDomains?: string[];
  blockedDomains?: string[];
  userLocation?: { type: 'approximate'; city?: string; region?: string; country?: string; timezone?: string };
}

export type WebSearchOutput = Array<{
  type: 'web_search_result';
  url: string;
  title: string | null;
  pageAge: string | null;
  encryptedContent: string;
}>;
