//! Files that `restore` must not write, open or mount twice, through the command.

use std::fs;

use super::*;

/// A folder with a reel on tape 3, and a snapshot of a machine that writes it or reads it.
fn saved(ring: bool) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("p.sap"), COUNT).unwrap();
    fs::write(folder.path().join("r.tap"), reel(TapeFormat::Simh, Mode::Bcd, 20)).unwrap();
    let mut args = vec!["p.sap", "--tape", "3=r.tap"];
    if ring {
        args.extend(["--ring", "3"]);
    }
    let (code, said) = monitor(folder.path(), "run 6000\nsave s.json\n", &args);
    assert_eq!(code, 0, "{said}");
    folder
}

/// A link in the folder of the snapshot that leads out of it.
#[cfg(unix)]
#[test]
fn a_link_that_leads_outside_gets_no_ring() {
    let folder = saved(true);
    let outside = tempfile::tempdir().unwrap();
    let target = outside.path().join("r.tap");
    fs::rename(folder.path().join("r.tap"), &target).unwrap();
    std::os::unix::fs::symlink(&target, folder.path().join("r.tap")).unwrap();
    let (code, said) = monitor(folder.path(), "restore s.json\ngo\nexpect xra 24\n", &[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("stays out, because the file is neither in the folder of the snapshot"), "{said}");
    assert!(said.contains("feet, the ring is out\n"), "{said}");
}

/// A reel in the folder of a snapshot that is not the working folder.
#[test]
fn a_snapshot_elsewhere_has_its_reels_near_it() {
    let folder = saved(true);
    let other = folder.path().join("work");
    fs::create_dir(&other).unwrap();
    fs::rename(folder.path().join("s.json"), other.join("s.json")).unwrap();
    let (code, said) = monitor(folder.path(), "restore work/s.json\n", &[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("feet, the ring is in\n"), "{said}");
}

/// Opening a pipe that nobody writes would wait forever.
#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_a_reel_is_not_opened() {
    for ring in [true, false] {
        let folder = saved(ring);
        fs::remove_file(folder.path().join("r.tap")).unwrap();
        let made = std::process::Command::new("mkfifo").arg(folder.path().join("r.tap")).status().unwrap();
        assert!(made.success());
        fs::write(folder.path().join("script"), "restore s.json\n").unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_emu704"));
        command.current_dir(&folder).args(["monitor", "--script", "script"]);
        let mut process = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
        let begun = std::time::Instant::now();
        while process.try_wait().unwrap().is_none() {
            if begun.elapsed().as_secs() > 60 {
                process.kill().unwrap();
                panic!("it waits for the pipe");
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        let said = String::from_utf8(process.wait_with_output().unwrap().stdout).unwrap();
        assert!(said.contains("tape 3 is empty; r.tap was there: it is not a file"), "{said}");
    }
}

fn units(folder: &Path, script: &str) -> (i32, Vec<String>, String) {
    let (code, said) = monitor(folder, &format!("{script}\ntapes\n"), &[]);
    let behind = said.rsplit("> tapes\n").next().unwrap_or("").lines();
    let units = behind.filter(|line| line.contains("r.tap")).map(str::to_owned).collect();
    (code, units, said)
}

/// One file stands on one unit, whether the ring was in then or is in now, and by whatever name.
#[test]
fn a_file_never_stands_on_two_units() {
    for (ring, mounts, expected) in [
        (false, "mount 2 r.tap ring", "in"),
        (false, "mount 3 r.tap ring", "in"),
        (false, "mount 2 ./r.tap ring", "in"),
        (false, "mount 2 r.tap", "out"),
        (false, "mount 2 ./r.tap", "out"),
        (true, "mount 2 r.tap", "in"),
        (true, "mount 2 ./r.tap ring", "in"),
    ] {
        let folder = saved(ring);
        let (code, units, said) = units(folder.path(), &format!("{mounts}\nrestore s.json"));
        assert_eq!(code, 0, "{mounts}: {said}");
        assert!(units.len() == 1 && units[0].starts_with(" 3 "), "{mounts}: {units:?} {said}");
        assert_eq!(units[0].contains("ring"), expected == "in", "{mounts}: {said}");
        assert!(said.contains(&format!("feet, the ring is {expected}\n")), "{mounts}: {said}");
        let told =
            said.contains("tape 3: the ring was out of r.tap and is in now, as this session has mounted it");
        assert_eq!(told, !ring && expected == "in", "{mounts}: {said}");
    }
}

#[test]
fn a_file_with_the_ring_in_is_mounted_once() {
    let folder = saved(false);
    let script = "mount 1 r.tap ring\nmount 2 ./r.tap\nmount 4 r.tap\nmount 4 r.tap ring";
    let (code, units, said) = units(folder.path(), script);
    assert_eq!((code, units.len()), (1, 1), "{said}");
    assert_eq!(
        said.matches("it is on tape 1, and a file with the ring in is on one unit only").count(),
        3,
        "{said}"
    );
    let (_, units, said) = self::units(folder.path(), "mount 1 r.tap\nmount 2 r.tap\nmount 4 r.tap ring");
    assert_eq!(units.len(), 2, "{said}");
}
