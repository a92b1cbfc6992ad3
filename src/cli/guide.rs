//! What `simulate` prints once it accepts connections: how to point clients at it.

use serde_json::{Map, Value, json};

use crate::simulator::Running;

const MODEL: &str = "us.amazon.nova-micro-v1:0";

/// Where else AWS's SDKs find credentials.
const OTHER_CREDENTIALS: &[&str] = &["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_BEARER_TOKEN_BEDROCK"];

/// A client, and a line that works as it is where the variables are exported.
const CLIENTS: &[(&str, &str)] = &[
    ("boto3", r#"client = boto3.client("bedrock-runtime")"#),
    (
        "AWS CLI",
        r#"aws bedrock-runtime converse --model-id MODEL --messages '[{"role":"user","content":[{"text":"Hello"}]}]'"#,
    ),
    ("AWS SDK for JavaScript", "const client = new BedrockRuntimeClient();"),
    ("LangChain, Python", r#"llm = ChatBedrockConverse(model="MODEL")"#),
    (
        "LangChain, JavaScript",
        r#"const llm = new ChatBedrockConverse({ model: "MODEL", client: new BedrockRuntimeClient() });"#,
    ),
    ("LiteLLM", r#"litellm.completion(model="bedrock/MODEL", messages=messages, aws_bedrock_runtime_endpoint="URL")"#),
    (
        "bedrock-wrapper",
        "for await (const text of bedrockWrapper(null, { model: 'Nova-Micro', messages })) console.log(text);",
    ),
];

pub(super) fn guide(running: &Running) -> String {
    let url = running.https_url().unwrap_or_else(|| running.url());
    let mut text = format!("Bedrock is simulated at {}", running.url());
    if let Some(https) = running.https_url() {
        text.push_str(&format!(" and {https}"));
    }
    text.push_str(&format!(". Ctrl-C stops it.\nWhat it is asked is shown at {}/_simulator/\n", running.url()));
    text.push_str("\nThese variables point clients at it. In a shell:\n\n");
    text.push_str(&exports(running));
    text.push_str("\nIn PowerShell:\n\n");
    let others = misleading(running).map(|name| format!("Env:{name}")).collect::<Vec<_>>().join(", ");
    text.push_str(&format!("Remove-Item -ErrorAction Ignore {others}\n"));
    for (name, value) in running.env() {
        text.push_str(&format!("$env:{name} = '{}'\n", value.replace('\'', "''")));
    }
    text.push_str("\nThen, with nothing else to configure:\n\n");
    for (client, line) in CLIENTS {
        text.push_str(&format!("{client}:\n    {}\n", line.replace("MODEL", MODEL).replace("URL", &url)));
    }
    text
}

/// Commands for `eval "$(…)"`.
pub(super) fn exports(running: &Running) -> String {
    let others = misleading(running).collect::<Vec<_>>().join(" ");
    let set = running.env().into_iter().map(|(name, value)| format!("export {name}={}\n", quoted(&value)));
    set.collect::<String>() + &format!("unset {others}\n")
}

/// Variables that AWS's SDKs prefer to keys, or send beside them: left in the environment, they would ask as somebody
/// whom the simulator does not know.
fn misleading(running: &Running) -> impl Iterator<Item = &'static str> {
    let env = running.env();
    OTHER_CREDENTIALS.iter().copied().filter(move |other| env.iter().all(|(name, _)| name != other))
}

/// One line.
pub(super) fn json(running: &Running) -> String {
    let env: Map<String, Value> = running.env().into_iter().map(|(name, value)| (name.into(), value.into())).collect();
    let about = json!({
        "url": running.url(),
        "httpsUrl": running.https_url(),
        "caFile": running.ca_file(),
        "region": running.state().options().region,
        "env": env,
        "pid": std::process::id(),
    });
    format!("{about}\n")
}

/// As it is where a POSIX shell takes it so, else in single quotes.
fn quoted(value: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/:.-_=+,@%[]".contains(letter);
    if !value.is_empty() && value.chars().all(plain) {
        return value.to_owned();
    }
    format!("'{}'", value.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::{Options, Simulator, Tls};

    #[test]
    fn values_survive_a_shell() {
        assert_eq!(quoted("http://127.0.0.1:4010"), "http://127.0.0.1:4010");
        assert_eq!(quoted("it's $HOME"), r"'it'\''s $HOME'");
        assert_eq!(quoted(""), "''");
    }

    #[tokio::test]
    async fn each_form_leads_to_the_simulator() {
        let options = Options { tls: Some(Tls::default()), ..Options::default() };
        let running = Simulator::start(options).await.unwrap();
        let (url, https) = (running.url(), running.https_url().unwrap());
        let guide = guide(&running);
        assert!(guide.contains(&url) && guide.contains(&https));
        for (client, _) in CLIENTS {
            assert!(guide.contains(&format!("\n{client}:\n    ")), "{client}");
        }
        assert!(!guide.contains("MODEL") && !guide.contains("\"URL\""));
        assert!(guide.contains(&format!("$env:AWS_ENDPOINT_URL_BEDROCK = '{https}'\n")));
        let secret = &running.state().options().credentials.secret_access_key;
        let commands = exports(&running);
        assert!(commands.contains(&format!("\nexport AWS_SECRET_ACCESS_KEY={secret}\n")));
        assert!(commands.ends_with("\nunset AWS_PROFILE AWS_SESSION_TOKEN AWS_BEARER_TOKEN_BEDROCK\n"));
        let line = json(&running);
        let about: Value = serde_json::from_str(&line).unwrap();
        assert_eq!((line.lines().count(), &about["httpsUrl"]), (1, &json!(https)));
        assert_eq!(about["env"]["AWS_CA_BUNDLE"], about["caFile"]);
        running.close().await;
        assert!(!std::path::Path::new(about["caFile"].as_str().unwrap()).exists());
    }
}
