//! What actors call with: the userAgent of a record, some hundred different ones.

use std::io::Write;

use crate::random::Random;
use crate::slot::Scene;

/// Families of user agents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agent {
    /// The AWS command line, version 2.
    Cli,
    /// Terraform with the AWS provider.
    Terraform,
    /// The Java SDK, version 2.
    Java,
    /// The Java SDK, version 1, as old programs still send it.
    JavaOld,
    /// Boto3.
    Python,
    /// Boto3 inside of a Lambda function.
    Lambda,
    /// The Go SDK, version 2.
    Go,
    /// The JavaScript SDK, version 3.
    JavaScript,
    /// The console, calling with the person's browser.
    Console,
    /// The console's back end, as it names itself.
    ConsoleService,
    /// A plain browser.
    Browser,
    /// A service; it gives its own DNS name.
    Service,
}

const PYTHONS: [&str; 5] = ["3.12.6", "3.11.9", "3.9.18", "3.12.3", "3.10.14"];
const CLIS: [&str; 8] = ["2.17.32", "2.15.30", "2.22.7", "2.13.25", "2.18.12", "2.11.6", "2.9.19", "2.24.5"];
const SYSTEMS: [&str; 5] = [
    "linux#6.1.109-118.189.amzn2023.x86_64",
    "macos#23.6.0",
    "linux#5.10.223-212.873.amzn2.x86_64",
    "windows#10",
    "linux#6.8.0-45-generic",
];
const BROWSERS: [&str; 6] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36 Edg/124.0.0.0",
];

/// The browser of an actor.
pub fn browser(seed: u64) -> &'static str {
    Random::of(&[seed, 11]).pick_skewed(&BROWSERS)
}

/// Appends the user agent that the scene's actor calls with. An actor keeps its versions; a few
/// command lines also name the command, as newer versions do.
pub fn write(out: &mut Vec<u8>, scene: &Scene<'_>, agents: &[Agent]) {
    // Machines have one program each; people change between theirs from one session to the next.
    let mut random = Random::of(&[scene.actor.seed, 12]);
    let mut session = Random::of(&[scene.actor.seed, 13, scene.session as u64]);
    let people = agents.contains(&Agent::Console);
    let agent = if people { session.pick_skewed(agents) } else { random.pick(agents) };
    // Writing to a Vec cannot fail.
    let _ = match agent {
        Agent::Cli => write_cli(out, scene, &mut random),
        Agent::Terraform => {
            let engine = random.pick(&["1.9.5", "1.8.4", "1.5.7", "1.9.8"]);
            let provider = random.pick(&["5.62.0", "5.54.1", "5.31.0", "5.70.0", "4.67.0"]);
            write!(
                out,
                "APN/1.0 HashiCorp/1.0 Terraform/{engine} (+https://www.terraform.io) terraform-provider-aws/{provider} \
                 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.30.{} os/linux lang/go#1.22.{} \
                 md/GOOS#linux md/GOARCH#amd64",
                random.below(6),
                random.below(7)
            )
        }
        Agent::Console if scene.service == "s3.amazonaws.com" => {
            write!(
                out,
                "[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.750 Linux/5.10 OpenJDK_64-Bit_Server_VM/25.372-b08]"
            )
        }
        Agent::Console | Agent::Browser => write!(out, "{}", browser(scene.actor.seed)),
        Agent::ConsoleService => {
            let names = ["AWS Internal", "console.amazonaws.com", "signin.amazonaws.com"];
            write!(out, "{}", random.pick_skewed(&names))
        }
        Agent::Service => {
            crate::slot::write_invoker(out, scene);
            Ok(())
        }
        sdk => write_sdk(out, sdk, &mut random),
    };
}

fn write_sdk(out: &mut Vec<u8>, agent: Agent, random: &mut Random) -> std::io::Result<()> {
    match agent {
        Agent::Java => {
            let minor = 20 + random.below(10);
            let jvm = random.pick(&["17.0.12+7-LTS", "21.0.4+7-LTS", "11.0.24+8-LTS"]);
            write!(
                out,
                "aws-sdk-java/2.{minor}.{} Linux/5.10.223-212.873.amzn2.x86_64 OpenJDK_64-Bit_Server_VM/{jvm} Java/{} \
                 vendor/Amazon.com_Inc. io/sync http/Apache cfg/retry-mode/legacy",
                random.below(60),
                &jvm[..2]
            )
        }
        Agent::JavaOld => write!(
            out,
            "aws-sdk-java/1.11.{} Linux/4.14.123 OpenJDK_64-Bit_Server_VM/25.252-b09 java/1.8.0_252 vendor/Oracle_Corporation",
            700 + random.below(80)
        ),
        Agent::Python => {
            let version = 20 + random.below(16);
            write!(
                out,
                "Boto3/1.{version}.{0} md/Botocore#1.{version}.{0} ua/2.0 os/{1} md/arch#x86_64 lang/python#{2} md/pyimpl#CPython \
                 cfg/retry-mode#legacy Botocore/1.{version}.{0}",
                random.below(160),
                SYSTEMS[0],
                random.pick(&PYTHONS)
            )
        }
        Agent::Lambda => write!(
            out,
            "Boto3/1.34.{0} md/Botocore#1.34.{0} ua/2.0 os/linux#5.10.219-229.866.amzn2.x86_64 md/arch#x86_64 lang/python#{1} \
             md/pyimpl#CPython exec-env/AWS_Lambda_python3.12 cfg/retry-mode#legacy Botocore/1.34.{0}",
            random.below(160),
            random.pick(&PYTHONS)
        ),
        Agent::Go => write!(
            out,
            "aws-sdk-go-v2/1.{}.{} os/linux lang/go#1.2{}.{} md/GOOS#linux md/GOARCH#amd64",
            25 + random.below(8),
            random.below(5),
            1 + random.below(3),
            random.below(9)
        ),
        _ => write!(
            out,
            "aws-sdk-js/3.{}.0 ua/2.0 os/linux#5.10 lang/js md/nodejs#{}",
            500 + random.below(160),
            random.pick(&["20.15.1", "18.20.4", "20.17.0", "22.8.0"])
        ),
    }
}

fn write_cli(out: &mut Vec<u8>, scene: &Scene<'_>, random: &mut Random) -> std::io::Result<()> {
    write!(
        out,
        "aws-cli/{} md/awscrt#0.2{}.{} ua/2.0 os/{} md/arch#x86_64 lang/python#{} md/pyimpl#CPython cfg/retry-mode#standard \
         md/installer#exe md/prompt#off",
        random.pick_skewed(&CLIS),
        random.below(3),
        random.below(9),
        random.pick_skewed(&SYSTEMS),
        random.pick(&PYTHONS)
    )?;
    if !scene.actor.number.is_multiple_of(8) {
        return Ok(());
    }
    write!(out, " md/command#{}.", scene.action)?;
    // GetBucketAcl is the command get-bucket-acl; API versions at a name's end are no part of it.
    let name = scene.event.split("20").next().unwrap_or(scene.event);
    let mut upper = true;
    for (at, byte) in name.bytes().enumerate() {
        if byte.is_ascii_uppercase() && !upper && at > 0 {
            out.push(b'-');
        }
        upper = byte.is_ascii_uppercase();
        out.push(byte.to_ascii_lowercase());
    }
    Ok(())
}
