package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import floof.testkit.Eventually;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A router whose {@code /run} and {@code /var/lib/floof} are small file systems of its own. */
@Tag("slow")
class FullDiskTest {

    private static final String PASSWORD = "correct-horse-battery";

    private final String name = Network.unique("fd");
    @AutoClose private final Transit lab = new Transit(name);
    private final String floof = Router.repository().resolve("floof").toString();
    private Process supervisor;

    @BeforeEach
    void start() {
        String script =
                "mount -t sysfs sys /sys && mount -t tmpfs -o size=16m,mode=0755 run /run"
                        + " && mkdir -p /var/lib/floof"
                        + " && mount -t tmpfs -o size=8m,mode=0755 state /var/lib/floof"
                        // Not by exec: ./floof run goes to the mounts of its parent.
                        + " && { FLOOF_CACHE=/var/cache/floof %s run --instance %s & run=$!;"
                                .formatted(floof, name)
                        + " trap 'kill $run' TERM; wait $run; wait $run; }";
        supervisor =
                Command.of("unshare", "--mount", "--propagation", "private", "sh", "-c", script)
                        .in(lab.namespace("router"))
                        .start(lab.folder().resolve("router.log").toFile());
        lab.atEnd(this::stop);
        assertThat(Eventually.holds(() -> ctl("show version").isGood()))
                .as(() -> lab.log("router"))
                .isTrue();
        must(
                "configure",
                String.join("; ", Transit.CONFIGURATION.subList(0, 2)),
                "commit and-quit");
    }

    /** As an operator does; it gives everything back. */
    private void stop() {
        supervisor.destroy();
        if (!Eventually.holds(() -> !supervisor.isAlive())) {
            supervisor.descendants().forEach(ProcessHandle::destroyForcibly);
            supervisor.destroyForcibly();
        }
    }

    /** Runs a program with the router's file systems. */
    private Command.Outcome inside(String... words) {
        List<String> all = new java.util.ArrayList<>();
        all.addAll(List.of("nsenter", "--mount=/proc/" + supervisor.pid() + "/ns/mnt", "--"));
        all.addAll(List.of(words));
        return Command.of(all.toArray(String[]::new)).run();
    }

    private Command.Outcome ctl(String... commands) {
        return inside(floof, "ctl", "--instance", name, "-c", String.join("; ", commands));
    }

    private String must(String... commands) {
        Command.Outcome outcome = ctl(commands);
        assertThat(outcome.isGood()).as(outcome.output()).isTrue();
        return outcome.output();
    }

    private String files() {
        String find =
                "find /run/floof /var/lib/floof /run/netns -not -path '*/log/*' | sort; nsenter"
                        + " --net=/proc/"
                        + supervisor.pid()
                        + "/ns/net ip -o link show eth1 | sed 's/qdisc.*//'";
        return inside("sh", "-c", find).output();
    }

    private void fill(String folder) {
        Command.Outcome full =
                inside("sh", "-c", "dd if=/dev/zero of=" + folder + "/ballast bs=4k 2>&1");
        assertThat(full.output()).contains("No space left on device");
    }

    /** A commit that claims a device and has a password is refused, and as if it had not been. */
    private String refused() {
        String before = files();
        Command.Outcome outcome = ctl("configure", String.join("; ", CHANGE), "commit and-quit");
        assertThat(outcome.isGood()).as(outcome.output()).isFalse();
        assertThat(files()).isEqualTo(before);
        assertThat(inside("grep", "-rsl", PASSWORD, "/run/floof", "/var/lib/floof").output())
                .isEmpty();
        ctl("configure", "rollback 0", "exit");
        return outcome.output();
    }

    private static final List<String> CHANGE =
            List.of(
                    "set interfaces ge-1 device eth1",
                    "set interfaces ge-1 address 198.51.100.1/24",
                    "set bgp asn 65000 router-id 192.0.2.1",
                    "set bgp peer one remote-as 65001 neighbor 192.0.2.2",
                    "set bgp peer one authentication-key " + PASSWORD);

    @Test
    void aCommitIsRefusedAndNamesTheFileSystem() {
        String config = "/var/lib/floof/" + name + "/config";
        assertThat(Eventually.holds(() -> inside("test", "-e", config).isGood())).isTrue();
        fill("/run");
        assertThat(refused())
                .containsPattern(
                        "No space left on device \\(file system /run\\S* \\(run\\), 0 KiB");
        inside("rm", "/run/ballast");

        fill("/var/lib/floof");
        assertThat(refused())
                .contains("not recorded: cannot write /var/lib/floof/" + name)
                .contains("No space left on device (file system /var/lib/floof (state), ");
        inside("rm", "/var/lib/floof/ballast");

        must("configure", String.join("; ", CHANGE), "commit and-quit");
        assertThat(must("show interfaces terse")).contains("ge-1");
        assertThat(must("request system audit verify")).contains("intact");
        assertThat(must("show system alarms")).doesNotContain("audit log");
    }
}
