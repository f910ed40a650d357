// SPDX-License-Identifier: Apache-2.0
//! rsigma-eval as a peer of `canh scan`: RULES, a folder, against each line of FILE, flat events of
//! Windows as NDJSON. Their log source is named by channel and event id, so that only rules for it
//! are tried. Nothing is written but the counts.
use rsigma_eval::{Engine, JsonEvent};
use rsigma_parser::LogSource;
use serde_json::Value;
use std::io::BufRead;

/// Sysmon's categories by event id, as SigmaHQ names them.
const SYSMON: [(u64, &str); 20] = [
    (1, "process_creation"), (2, "file_change"), (3, "network_connection"),
    (5, "process_termination"), (6, "driver_load"), (7, "image_load"),
    (8, "create_remote_thread"), (9, "raw_access_thread"), (10, "process_access"),
    (11, "file_event"), (12, "registry_event"), (13, "registry_set"), (14, "registry_rename"),
    (15, "create_stream_hash"), (17, "pipe_created"), (18, "pipe_created"), (19, "wmi_event"),
    (20, "wmi_event"), (22, "dns_query"), (23, "file_delete"),
];

/// Services by the end of the channel's name.
const SERVICES: [(&str, &str); 9] = [
    ("Security", "security"), ("System", "system"), ("Application", "application"),
    ("Sysmon/Operational", "sysmon"), ("PowerShell/Operational", "powershell"),
    ("Windows PowerShell", "powershell-classic"), ("Windows Defender/Operational", "windefend"),
    ("TaskScheduler/Operational", "taskscheduler"), ("WMI-Activity/Operational", "wmi"),
];

fn category(service: &str, id: u64) -> Option<&'static str> {
    match (service, id) {
        ("sysmon", _) => SYSMON.iter().find(|x| x.0 == id).map(|x| x.1),
        ("security", 4688) => Some("process_creation"),
        ("powershell", 4103) => Some("ps_module"),
        ("powershell", 4104) => Some("ps_script"),
        ("powershell-classic", 400) => Some("ps_classic_start"),
        ("powershell-classic", 800) => Some("ps_classic_provider_start"),
        _ => None,
    }
}

fn source_of(event: &Value) -> LogSource {
    let channel = event["Channel"].as_str().unwrap_or("");
    let id = &event["EventID"];
    let id = id.as_u64().or_else(|| id.as_str()?.parse().ok()).unwrap_or(0);
    let service = SERVICES.iter().find(|x| channel.ends_with(x.0)).map(|x| x.1);
    LogSource {
        product: Some("windows".into()),
        category: category(service.unwrap_or(""), id).map(Into::into),
        service: service.map(Into::into),
        ..Default::default()
    }
}

fn load(folder: &str) -> Engine {
    let mut rules = Vec::new();
    for entry in walkdir::WalkDir::new(folder).into_iter().flatten() {
        if entry.path().extension().is_some_and(|x| x == "yml" || x == "yaml") {
            if let Ok(read) = rsigma_parser::parse_sigma_file(entry.path()) {
                rules.extend(read.rules);
            }
        }
    }
    let mut engine = Engine::new();
    let refused = engine.add_rules(&rules);
    eprintln!("rules {}, refused {}", rules.len(), refused.len());
    engine
}

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let [_, rules, file] = &args[..] else {
        eprintln!("usage: rsigma-bench RULES FILE");
        std::process::exit(64);
    };
    let engine = load(rules);
    let mut input = std::io::BufReader::with_capacity(1 << 20, std::fs::File::open(file)?);
    let (mut line, mut events, mut matches) = (Vec::new(), 0, 0);
    while input.read_until(b'\n', &mut line)? > 0 {
        if let Ok(event) = serde_json::from_slice::<Value>(&line) {
            let source = source_of(&event);
            matches += engine.evaluate_with_logsource(&JsonEvent::borrow(&event), &source).len();
            events += 1;
        }
        line.clear();
    }
    eprintln!("events {events}, matches {matches}");
    Ok(())
}
