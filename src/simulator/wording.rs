//! Every text with which the simulator refuses a request, in one table: what it says, whether that wording of the
//! service is confirmed, and by what.
//!
//! A wording is confirmed when a recording of the service or a report that quotes its answer shows it; the others are
//! in the words of AWS's documentation or of its other services. `docs/simulator-validation.md` lists them; after a
//! change here, `node scripts/generate-docs.mjs` brings that list up to date.

use super::exception::Exception;

/// A text with `{}` where a value goes.
pub(super) struct Wording {
    text: &'static str,
    #[cfg(test)]
    confirmed: bool,
    #[cfg(test)]
    source: &'static str,
}

impl Wording {
    /// The text with its values filled in, in their order.
    pub(super) fn fill(&self, values: &[&dyn std::fmt::Display]) -> String {
        debug_assert_eq!(self.text.matches("{}").count(), values.len(), "{}", self.text);
        let mut pieces = self.text.split("{}");
        let mut filled = pieces.next().unwrap_or_default().to_owned();
        for (value, piece) in values.iter().zip(pieces) {
            filled.push_str(&value.to_string());
            filled.push_str(piece);
        }
        filled
    }

    /// A text without values.
    pub(super) fn text(&self) -> String {
        self.fill(&[])
    }

    /// The text as a `ValidationException`.
    pub(super) fn refuse(&self, values: &[&dyn std::fmt::Display]) -> Exception {
        Exception::validation(self.fill(values))
    }
}

/// `NAME: confirmed by "source" "text";` or `NAME: unconfirmed "source" "text";`
macro_rules! wordings {
    ($($name:ident: $state:ident $source:literal $text:literal;)*) => {
        $(pub(super) const $name: Wording = Wording {
            text: $text,
            #[cfg(test)]
            confirmed: wordings!(@$state),
            #[cfg(test)]
            source: $source,
        };)*
        #[cfg(test)]
        const ALL: &[(&str, Wording)] = &[$((stringify!($name), $name)),*];
    };
    (@confirmed) => { true };
    (@unconfirmed) => { false };
}

wordings! {
    // Authentication.
    NO_ACCESS: unconfirmed "the answer of Amazon Kinesis and API Gateway" "Missing Authentication Token";
    ACCESS_TWICE: unconfirmed "Amazon DynamoDB's answer" "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.";
    ACCESS_PARAMETER: unconfirmed "aws/aws-sdk-js#4285, AWS Systems Manager's answer" "Authorization header requires '{}' parameter. ";
    ACCESS_DATE: unconfirmed "Amazon DynamoDB's answer" "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
    ACCESS_HEADER: unconfirmed "API Gateway's answer" "(Hashed with SHA-256 and encoded with Base64) Authorization={}";
    ACCESS_QUERY: unconfirmed "Amazon DynamoDB's answer" "AWS query-string parameters must include '{}'. ";
    DATE_FORM: unconfirmed "Amazon DynamoDB's answer" "Date must be in ISO-8601 'basic format'. Got '{}'. See http://en.wikipedia.org/wiki/ISO_8601";
    SIGNATURE_EXPIRED: confirmed "recorded with Converse" "Signature expired: {} is now earlier than {} ({} - {} min.)";
    SIGNATURE_EARLY: unconfirmed "IAM User Guide, Signature Version 4 troubleshooting" "Signature not yet current: {} is still later than {} ({} + {} min.)";
    SIGNATURE_WRONG: confirmed "quoted in reports on ConverseStream" "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this request should have been\n'{}'\n\nThe String-to-Sign should have been\n'{}'\n";
    HOST_UNSIGNED: unconfirmed "answers of other services of AWS" "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.";
    ALGORITHM_UNKNOWN: unconfirmed "Amazon DynamoDB's answer" "Unsupported AWS 'algorithm': '{}' (only {} for now). ";
    SCOPE_ELEMENTS: unconfirmed "Amazon DynamoDB's answer" "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '{}'";
    SCOPE_REGION: unconfirmed "Amazon DynamoDB's answer" "Credential should be scoped to a valid region, not '{}'. ";
    SCOPE_SERVICE: confirmed "answered when a request is signed for bedrock-runtime" "Credential should be scoped to correct service: '{}'. ";
    SCOPE_TERMINATOR: unconfirmed "Amazon DynamoDB's answer" "Credential should be scoped with a valid terminator: '{}', not '{}'. ";
    SCOPE_DATE: unconfirmed "Amazon DynamoDB's answer" "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{}' != '{}', from '{}'.";
    TOKEN_INVALID: confirmed "recorded with Converse and InvokeModel" "The security token included in the request is invalid.";
    TOKEN_EXPIRED: confirmed "recorded with Converse" "The security token included in the request is expired";
    KEY_FORM: confirmed "quoted in reports on Bedrock API keys" "Invalid API Key format: Must start with pre-defined prefix";
    KEY_UNKNOWN: confirmed "quoted in reports on Bedrock API keys" "Authentication failed: Please make sure your API Key is valid.";
    KEY_EXPIRED: confirmed "quoted in reports on Bedrock API keys" "Bearer Token has expired";
    // Stage one: shapes.
    ONE_VIOLATION: confirmed "recorded with Converse" "1 validation error detected: {}";
    VIOLATIONS: confirmed "quoted in reports on Converse" "{} validation errors detected: {}";
    NULL_MEMBER: confirmed "recorded with Converse" "Value null at '{}' failed to satisfy constraint: Member must not be null";
    VALUE: confirmed "recorded with Converse" "Value '{}' at '{}' failed to satisfy constraint: {}";
    HIDDEN_VALUE: confirmed "NousResearch/hermes-agent#55429" "Value at '{}' failed to satisfy constraint: {}";
    VALUE_AT_MOST: confirmed "recorded with Converse" "Member must have value less than or equal to {}";
    VALUE_AT_LEAST: confirmed "quoted in reports on Converse" "Member must have value greater than or equal to {}";
    LENGTH_AT_MOST: confirmed "continuedev/continue#2296" "Member must have length less than or equal to {}";
    LENGTH_AT_LEAST: confirmed "quoted in reports on Converse" "Member must have length greater than or equal to {}";
    PATTERN: confirmed "quoted in reports on Converse" "Member must satisfy regular expression pattern: {}";
    ENUM: confirmed "continuedev/continue#1938" "Member must satisfy enum value set: [{}]";
    NOT_NULL: confirmed "recorded with Converse" "Member must not be null";
    LIST_MEMBERS: unconfirmed "AWS Lambda's answer for cors.allowMethods" "Member must satisfy constraint: [{}]";
    MAP_KEYS: unconfirmed "the form of MAP_VALUES" "Map keys must satisfy constraint: [{}]";
    MAP_VALUES: unconfirmed "AWS Lambda's answer for routingConfig.additionalVersionWeights" "Map value must satisfy constraint: [{}]";
    UNION: unconfirmed "the form of the others" "Member must have exactly one member set";
    CONVERT: unconfirmed "Amazon SES's answers" "{} can not be converted to {}";
    START_OF_STRUCTURE: unconfirmed "Amazon SES's answers" "Start of structure or map found where not expected.";
    START_OF_LIST: unconfirmed "Amazon SES's answers" "Start of list found where not expected";
    EXPECTED_LIST: unconfirmed "Amazon SES's answers" "Expected list or null";
    EXPECTED_MAP: unconfirmed "the form of EXPECTED_LIST" "Expected map or null";
    EXPECTED_STRUCTURE: unconfirmed "Amazon DynamoDB's answers" "Unexpected value type in payload";
    BASE64: unconfirmed "none known" "Invalid Base64 encoding";
    TIMESTAMP: unconfirmed "none known" "Invalid timestamp";

    // Operations and models.
    NOT_A_CHAT_MODEL: confirmed "BerriAI/litellm#7007" "This action doesn't support the model that you provided. Try again with a supported text or chat model.";
    NOT_STREAMED: confirmed "quoted in reports on InvokeModelWithResponseStream" "The model is unsupported for streaming.";
    NOT_SYNCHRONOUS: unconfirmed "the form of NO_TOKEN_COUNT" "The provided model doesn't support synchronous invocation.";
    TOO_MANY_TOKENS: confirmed "quoted in reports on Titan Text Embeddings" "400 Bad Request: Too many input tokens. Max input tokens: {}, request input token count: {} ";
    NO_CHAT_COMPLETIONS: unconfirmed "none known" "The model '{}' does not support the '/v1/chat/completions' API";
    NO_TOKEN_COUNT: confirmed "quoted in reports on CountTokens" "The provided model doesn't support counting tokens.";
    NOT_ASYNCHRONOUS: unconfirmed "the form of NO_TOKEN_COUNT" "The provided model doesn't support asynchronous invocation.";
    NOT_WRITTEN: unconfirmed "none known" "The output could not be written to {}.";
    NOT_SIMULATED: unconfirmed "the simulator's own words" "This simulator does not simulate the operation {}.";
    ONE_INPUT: unconfirmed "none known" "Malformed input request: #/singleEmbeddingParams: expected exactly one of text, image, audio, video, found: {}, please reformat your input and try again.";
    NO_PICTURE: unconfirmed "none known" "Malformed input request: #{}: not a valid image, please reformat your input and try again.";
    PICTURE_SIZE: unconfirmed "none known" "The requested image size {}x{} is not supported by this model.";

    // Guardrails.
    UNKNOWN_GUARDRAIL: confirmed "quoted in reports on InvokeModel" "The guardrail identifier or version provided in the request does not exist.";
    INVALID_GUARDRAIL: confirmed "openclaw/openclaw#58588" "The provided guardrail identifier is invalid.";
    PROMPT_ATTACK_OUTPUT: confirmed "hashicorp/terraform-provider-awscc#1905" "PROMPT ATTACK content filter strength for response must be NONE";
    NO_GROUNDING_SOURCE: confirmed "quoted in reports on ApplyGuardrail" "The provided request does not contain the grounding source. Grounding source, query and content to guard are required for Guardrails contextual grounding policy evaluation.";
    GUARDRAIL_NAME_TAKEN: unconfirmed "none known" "Another guardrail in your account already has this name.";
    GUARDRAIL_REGEX: unconfirmed "none known" "The regex pattern {} is not valid.";

    // Management.
    BUCKET: unconfirmed "none known" "Failed to validate permissions for the bucket {}. Verify that the bucket exists and that its policy lets Amazon Bedrock write to it.";
    CANNOT_DELETE: unconfirmed "none known" "{} cannot be deleted in its current state or before its commitment term is over.";
    MODEL_IN_USE: unconfirmed "none known" "Model {} is in use by provisioned throughput or a deployment.";
    MODEL_NOT_ACTIVE: unconfirmed "the API reference of CreateCustomModelDeployment" "The custom model {} must be in the Active state.";
    NAME_TAKEN: unconfirmed "none known" "The name {} is already in use.";
    NEXT_TOKEN: unconfirmed "none known" "The provided nextToken is not valid.";
    NOT_RUNNING: unconfirmed "none known" "The job {} is not in progress.";
    NO_FOUNDATION_MODEL: confirmed "truera/trulens#779, of InvokeModel" "Could not resolve the foundation model from the provided model identifier.";
    NO_RESOURCE: unconfirmed "none known" "The resource {} could not be found.";
    S3_LOCATION: unconfirmed "none known" "The S3 locations of input and output must be given.";
    SYSTEM_PROFILE: unconfirmed "none known" "The inference profile {} is defined by Amazon Bedrock and cannot be deleted.";
    TOO_MANY_RESOURCES: unconfirmed "none known" "You have reached the limit of {} resources of the type {}.";
    TOO_MANY_TAGS: unconfirmed "none known" "A resource can have at most {} tags.";

    // Which model.
    UNKNOWN_MODEL: confirmed "recorded in every operation" "The provided model identifier is invalid.";
    PROFILE_ONLY: confirmed "recorded with Converse and InvokeModel" "Invocation of model ID {} with on-demand throughput isn\u{2019}t supported. Retry your request with the ID or ARN of an inference profile that contains this model.";
    END_OF_LIFE: confirmed "recorded with Converse and InvokeModel" "This model version has reached the end of its life. Please refer to the AWS documentation for more details.";

    // Converse: messages.
    MODEL_RETURNED: confirmed "recorded with Converse" "The model returned the following errors: {}";
    STARTS_WITH_USER: confirmed "quoted in reports on Converse" "A conversation must start with a user message. Try again with a conversation that starts with a user message.";
    ALTERNATES: confirmed "langgenius/dify#9294, langchain-ai/langchainjs#6724" "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.";
    EMPTY_CONTENT: confirmed "archestra-ai/archestra#4220" "The content field in the Message object at messages.{} is empty. Add a ContentBlock object to the content field and try again.";
    BLANK_TEXT: confirmed "continuedev/continue#9767" "The text field in the ContentBlock object at messages.{}.content.{} is blank. Add text to the text field, and try again.";

    // Converse: documents, images and other media.
    MODALITY: confirmed "recorded with video and Claude Sonnet 4.5" "This model doesn't support the {} content block that you provided. Update the content block and try again.";
    DOCUMENT_WITHOUT_TEXT: confirmed "recorded with Claude Sonnet 4.5" "A text block must be included when using documents. Add a text block and retry your request.";
    DOCUMENT_NAME: confirmed "vercel/ai#20365" "The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets. The name can't contain more than one consecutive whitespace character. Check that the file name conforms to these restrictions and retry your request.";
    DUPLICATE_DOCUMENT: confirmed "maximhq/bifrost#7003" "Messages can't contain duplicate document names. Rename the document and retry your request.";
    TOO_MANY_DOCUMENTS: unconfirmed "first sentence: aws-samples/generative-ai-use-cases#1685" "You can't include more than 5 documents in a request. Remove documents and retry your request.";
    DOCUMENT_SIZE: unconfirmed "limit: user guide, Inference request restrictions" "The document at messages.{}.content.{} exceeds the maximum document size of 4.5 MB. Reduce the size of the document and retry your request.";
    S3_URI: confirmed "recorded with Claude Sonnet 4.5" "This model doesn't support the s3Uri field. Remove s3Uri and try again.";
    IMAGE_SIZE: confirmed "aws/aws-sdk-js-v3#6785" "messages.{}.content.{}.image.source: image exceeds 5 MB maximum: {} bytes > 5242880 bytes";
    IMAGE_TYPE: confirmed "aws-samples/amazon-bedrock-client-for-mac#130" "messages.{}.content.{}.image.source.bytes: The image was specified using the image/{} media type, but the image appears to be a image/{} image";
    IMAGE_PIXELS: unconfirmed "Anthropic's API" "messages.{}.content.{}.image.source.bytes: At least one of the image dimensions exceed max allowed size: 8000 pixels";
    TOO_MANY_IMAGES: unconfirmed "boto/boto3#4632, without its context" "messages: too many images and documents: {} + {} > 20";
    NOVA_DOCUMENT_RESULT: confirmed "recorded with Nova 2 Lite" "#/messages/{}/content/{}: extraneous key [toolResult] is not permitted";

    // Converse: tools.
    NO_TOOLS: confirmed "recorded with Llama 3.2" "This model doesn't support tool use.";
    NO_STREAMED_TOOLS: confirmed "quoted in reports on ConverseStream" "This model doesn't support tool use in streaming mode.";
    NO_TOOL_CONFIG: confirmed "patriceckhart/zot#18" "The toolConfig field must be defined when using toolUse and toolResult content blocks.";
    TOOL_CHOICE: confirmed "strands-agents/harness-sdk#1241, for any" "This model doesn't support the toolConfig.toolChoice.{} field. Remove toolConfig.toolChoice.{} and try again.";
    NOT_AN_OBJECT: confirmed "aws/aws-sdk-net#3377, deepset-ai/haystack-core-integrations#3766" "The format of the value at {} is invalid. Provide a json object for the field and try again.";
    SCHEMA_TYPE: confirmed "kirodotdev/Kiro#11026" "The value at toolConfig.tools.{}.toolSpec.inputSchema.json.type must be one of the following: object.";
    MISSING_RESULTS: confirmed "agno-agi/agno#6698, camel-ai/camel#3954" "Expected toolResult blocks at messages.{}.content for the following Ids: {}";
    TOO_MANY_RESULTS: confirmed "quoted in reports on Converse" "The number of toolResult blocks at messages.{}.content exceeds the number of toolUse blocks of previous turn.";
    EMPTY_ERROR_RESULT: confirmed "aws-samples/sample-multi-agent-orchestration-chat-on-agentcore#15" "The content field at messages.{}.content.{}.toolResult cannot be empty when status value is error.";

    // Converse: other members.
    NO_SYSTEM: confirmed "quoted in reports on Converse" "This model doesn't support system messages. Try again without a system message or use a model that supports system messages.";
    NO_FIELD: confirmed "quoted in reports on Converse, for several fields" "This model doesn't support the {} field. Remove {} and try again.";
    MAX_TOKENS: unconfirmed "first sentence: quoted in reports on Converse" "The maximum tokens you requested exceeds the model limit of {}. Try again with a maximum tokens value that is lower than {}.";
    PROMPT_EXCLUDES: unconfirmed "rule: API reference, Converse" "You can't include {} in the request when you use a prompt. Remove {} and try again.";
    GUARDRAIL_PAIR: unconfirmed "rule: API reference, InvokeModel" "The guardrailIdentifier and guardrailVersion must be specified together. Specify both and try again.";
    NO_CACHING: unconfirmed "quoted in reports on Converse" "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information.";

    // Claude, in either body.
    NO_MESSAGES: confirmed "quoted in reports on InvokeModel" "messages: at least one message is required";
    NO_PREFILL: confirmed "quoted in reports on Converse" "This model does not support assistant message prefill. The conversation must end with a user message.";
    PREFILL_WITH_TOOLS: confirmed "recorded with Claude 3 Sonnet" "Your API request included an `assistant` message in the final position, which would pre-fill the `assistant` response. When using tools, pre-filling the `assistant` response is not supported.";
    TEMPERATURE_AND_TOP_P: confirmed "quoted in reports on Converse" "`temperature` and `top_p` cannot both be specified for this model. Please use only one.";
    DEPRECATED: confirmed "cline/cline#10572, promptfoo/promptfoo#10307" "`{}` is deprecated for this model.";
    THINKING_ADAPTIVE: unconfirmed "Anthropic's documentation of Claude Opus 4.7" "\"thinking.type.enabled\" is not supported for this model.";
    THINKING_BUDGET: confirmed "quoted in reports on Anthropic's API" "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024";
    THINKING_MAX_TOKENS: unconfirmed "first words: quoted in reports on Anthropic's API" "`max_tokens` must be greater than `thinking.budget_tokens`";
    THINKING_TEMPERATURE: confirmed "quoted in reports on Anthropic's API" "`temperature` may only be set to 1 when thinking is enabled.";
    THINKING_TOP_P: unconfirmed "Anthropic's documentation of extended thinking" "`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.";
    THINKING_TOP_K: unconfirmed "Anthropic's documentation of extended thinking" "`top_k` must be unset when thinking is enabled.";
    THINKING_FORCED_TOOL: confirmed "quoted in reports on Anthropic's API" "Thinking may not be enabled when tool_choice forces tool use.";
    THINKING_ORDER: confirmed "quoted in reports on Converse" "messages.{}.content.0.type: Expected `thinking` or `redacted_thinking`, but found `{}`.";
    PROMPT_TOO_LONG: confirmed "quoted in reports on Converse and InvokeModel" "prompt is too long: {} tokens > {} maximum";
    INPUT_TOO_LONG: confirmed "quoted in reports on Converse" "Input is too long for requested model.";
    TOO_MUCH_TEXT: confirmed "recorded with Claude 3.5 Haiku" "too many total text bytes: {} > 9000000";
    DUPLICATE_TOOL: unconfirmed "Anthropic's API" "tools: Tool names must be unique.";
    SCHEMA_PROPERTY: confirmed "recorded with Claude Sonnet 4.5" "{}: For '{}' type, property '{}' is not supported";
    SCHEMA_PROPERTIES: unconfirmed "Anthropic's API" "{}: For '{}' type, properties {} are not supported";
    SCHEMA_MIN_ITEMS: unconfirmed "recorded with Claude Sonnet 4.5, but `[2, 5]` where the schema said 2" "{}: For 'array' type, 'minItems' values other than 0 or 1 are not supported (got: {})";
    CLAUDE_EMPTY_MESSAGE: confirmed "quoted in reports on InvokeModel" "messages.{}: all messages must have non-empty content except for the optional final assistant message";
    CLAUDE_BLANK_TEXT: confirmed "anomalyco/opencode#15715" "messages: text content blocks must be non-empty";
    CLAUDE_EXTRA: confirmed "quoted in reports on InvokeModel" "{}: Extra inputs are not permitted";
    CLAUDE_MISSING_RESULTS: confirmed "quoted in reports on Converse and Anthropic's API" "messages.{}: `tool_use` ids were found without `tool_result` blocks immediately after: {}. Each `tool_use` block must have a corresponding `tool_result` block in the next message.";
    CLAUDE_FOREIGN_RESULT: confirmed "quoted in reports on Anthropic's API" "messages.{}.content.{}: unexpected `tool_use_id` found in `tool_result` blocks: {}. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.";
    CLAUDE_MAX_TOKENS: confirmed "quoted in reports on InvokeModel" "max_tokens: {} > {}, which is the maximum allowed number of output tokens";
    CLAUDE_CONTENT_TYPE: confirmed "recorded with Claude 3.5 Haiku" "#: subject must not be valid against schema {\"required\":[\"messages\"]}#/messages/{}/content: expected type: String, found: JSONObject#/messages/{}/content: expected type: JSONArray, found: JSONObject";

    // Native bodies.
    MALFORMED: confirmed "recorded with InvokeModel" "Malformed input request: {}, please reformat your input and try again.";
    BOUND: confirmed "quoted in reports on InvokeModel" "#{}: {} is not {} or equal to {}";
    ITEM_COUNT: confirmed "quoted in reports on InvokeModel" "#{}: expected maximum item count: {}, found: {}";
    FOREIGN_IMAGE: confirmed "quoted in reports on InvokeModel" "Failed to deserialize the JSON body into the target type: ?[0]: Invalid 'messages': Invalid 'content': value did not match any expected variant";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wording_has_a_source_and_is_said_once() {
        let mut texts: Vec<_> = ALL.iter().map(|(_, wording)| wording.text).collect();
        texts.sort_unstable();
        let count = texts.len();
        texts.dedup();
        assert_eq!(texts.len(), count, "two wordings are the same");
        assert!(ALL.iter().all(|(_, wording)| !wording.source.is_empty()));
        assert!(ALL.iter().any(|(_, wording)| wording.confirmed) && ALL.iter().any(|(_, wording)| !wording.confirmed));
    }

    #[test]
    fn values_are_filled_in_in_their_order() {
        assert_eq!(VALUE.fill(&[&1, &"a{}", &"c"]), "Value '1' at 'a{}' failed to satisfy constraint: c");
    }
}
