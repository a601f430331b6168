package floof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import floof.cli.wire.Wire;
import floof.testkit.Eventually;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Commands that run programs or ask the machine; what is asked of it is checked. */
@Timeout(300)
class ToolsTest extends OnDesk {

    private String asked() {
        return desk.router.machine().asked.getLast();
    }

    @Test
    @DisplayName("80 file list, show, compare, copy, rename, delete, checksum")
    void files() throws IOException {
        Path one = Files.writeString(folder.resolve("one"), "a\nb\n");
        Path two = folder.resolve("two");
        assertThat(desk.run("file copy " + one + " " + two).status()).isZero();
        assertThat(desk.out("file show " + two + " | match b")).isEqualTo("b\n");
        assertThat(desk.out("file checksum md5 " + two))
                .isEqualTo("MD5 (" + two + ") = dd8c6a395b5dd36c56d23275028f526c\n");
        Files.writeString(two, "a\nc\n");
        assertThat(desk.out("file compare files " + one + " " + two)).contains("-b\n+c\n");
        assertThat(desk.out("file list " + folder)).contains("one\n", "two\n");
        assertThat(desk.run("file rename " + two + " " + folder.resolve("three")).status())
                .isZero();
        assertThat(desk.run("file delete " + folder.resolve("three")).status()).isZero();
        assertThat(folder.resolve("three")).doesNotExist();
        assertThat(desk.run("file show " + two).err())
                .isEqualTo("error: cannot read '" + two + "': no such file or directory\n");
        assertThat(desk.run("file delete " + two).err())
                .isEqualTo("error: cannot delete '" + two + "': no such file or directory\n");
        assertThat(desk.run("file show -n").err()).as("no option of cat").contains("no such file");
        assertThat(desk.run("file list \"detail\"").err()).contains("cannot list 'detail'");
        assertThat(desk.run("file list detail").out()).startsWith("total ");
    }

    @Test
    @DisplayName("80 ping, traceroute and monitor traffic run in the data plane, words as theirs")
    void programs() {
        desk.run("ping 192.0.2.1 count 3 size 100 do-not-fragment source 192.0.2.9");
        assertThat(asked()).isEqualTo("DATAPLANE ping -c 3 -M do -s 100 -I 192.0.2.9 -- 192.0.2.1");
        desk.run("ping host.example");
        assertThat(asked()).as("a script ends").endsWith("-c 5 -- host.example");
        assertThat(desk.run("ping -f").err()).contains("invalid value '-f'");
        desk.run("traceroute 192.0.2.1 no-resolve ttl 3");
        assertThat(asked()).isEqualTo("DATAPLANE traceroute -n -m 3 -- 192.0.2.1");
        desk.run("monitor traffic interface ge-9 count 1 matching \"port 179\" no-resolve");
        assertThat(asked()).isEqualTo("DATAPLANE tcpdump -l -i ge-9 -c 1 -n -- port 179");
        desk.run("monitor traffic interface ge-9 matching \"host 192.0.2.1\"");
        assertThat(asked())
                .as("without name resolution unless asked for")
                .isEqualTo("DATAPLANE tcpdump -l -i ge-9 -n -- host 192.0.2.1");
        desk.run("monitor traffic interface ge-9 resolve");
        assertThat(asked()).isEqualTo("DATAPLANE tcpdump -l -i ge-9 --");
        desk.run("monitor traffic interface ge-9 matching \"\" size 100");
        assertThat(asked()).isEqualTo("DATAPLANE tcpdump -l -i ge-9 -s 100 -n -- ");
        desk.run("monitor traffic interface ge-9 write-file \"\"");
        assertThat(asked()).isEqualTo("DATAPLANE tcpdump -l -i ge-9 -w  -n --");
        assertThat(desk.run("start shell command \"echo $((6 * 7))\"").out()).isEqualTo("42\n");
        assertThat(desk.run("start shell command \"exit 3\"").err())
                .isEqualTo("error: bash ended with status 3\n");
        assertThat(desk.run("start shell").err()).contains("'start shell' needs a terminal");
    }

    @Test
    @DisplayName("68 what a program prints goes through pipes: line by line, or at its end")
    void pipes() {
        String print = "start shell command \"printf 'one\\\\ntwo\\\\nthree'\"";
        assertThat(desk.out(print + " | match t")).isEqualTo("two\nthree\n");
        assertThat(desk.out(print + " | except t | trim 1")).isEqualTo("ne\n");
        assertThat(desk.out(print + " | no-more")).isEqualTo("one\ntwo\nthree");
        assertThat(desk.out(print + " | count")).isEqualTo("Count: 3 lines\n");
        assertThat(desk.out(print + " | find tw | last 1")).isEqualTo("three\n");
        desk.run(print + " | save " + folder.resolve("saved"));
        assertThat(folder.resolve("saved")).hasContent("one\ntwo\nthree\n");
        assertThat(desk.run("start shell command \"echo a; exit 3\" | count"))
                .isEqualTo(
                        new Desk.Run(1, "Count: 1 lines\n", "error: bash ended with status 3\n"));
        assertThat(desk.run(print + " | display json").err())
                .isEqualTo("error: the output of a program cannot be reformatted\n");
        assertThat(desk.run("start shell command \"yes | head -100001\" | count").err())
                .contains("error: more than 100000 lines; expected fewer\n");
        assertThat(desk.run("monitor interface ge-0 | match x").err())
                .isEqualTo("error: 'monitor interface' takes the whole screen; expected no pipe\n");
    }

    @Test
    @DisplayName("80 a program ends with its client")
    void programsEndWithTheClient() throws Exception {
        try (SocketChannel channel =
                SocketChannel.open(UnixDomainSocketAddress.of(desk.socket()))) {
            Wire wire = new Wire(channel);
            wire.write(Wire.Type.HELLO, "version 1\nmode script\n");
            wire.write(Wire.Type.INPUT, "start shell command \"echo on; exec sleep 60\"\n");
            wire.write(Wire.Type.INPUT_END, "");
            Wire.Frame frame = Objects.requireNonNull(wire.read());
            assertThat(frame.text()).isEqualTo("on\n");
        }
        Process sleep = desk.router.machine().processes.getLast();
        assertThat(sleep.waitFor(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @DisplayName("80 clear and restart")
    void upkeep() throws IOException {
        assertThat(desk.run("clear bgp neighbor 198.51.100.2 soft").out())
                .isEqualTo("Cleared 1 session\n");
        assertThat(asked()).isEqualTo("reset 198.51.100.2 soft");
        assertThat(desk.out("clear bgp neighbor")).isEqualTo("Cleared 2 sessions\n");
        desk.run("clear arp interface ge-9");
        assertThat(asked()).isEqualTo("DATAPLANE ip -4 neigh flush dev ge-9");
        assertThat(desk.out("restart routing")).isEqualTo("Restarting routing\n");
        assertThat(asked()).isEqualTo("restart ROUTING");
        desk.router.machine().logs = folder;
        Path log = Files.writeString(folder.resolve("bird.log"), "one\ntwo\n");
        assertThat(desk.out("show log bird")).isEqualTo("one\ntwo\n");
        assertThat(desk.out("show log")).contains("bird      8  ");
        assertThat(desk.run("monitor stop bird").err())
                .isEqualTo("error: log bird is not watched\n");
        Files.createSymbolicLink(folder.resolve("gone.log"), folder.resolve("nowhere"));
        assertThat(desk.run("show log").err())
                .isEqualTo("error: log gone: no such file or directory\n");
        assertThat(desk.run("show log gone").err())
                .isEqualTo("error: log gone: no such file or directory\n");
        Files.delete(folder.resolve("gone.log"));
        desk.run("clear log bird");
        assertThat(log).isEmptyFile();
        assertThat(desk.run("show log ../bird").err()).contains("expected the name of a log");
        assertThat(desk.run("clear log ../bird").err()).contains("expected the name of a log");
        assertThat(desk.run("monitor start bord").err()).contains("there is no log 'bord'", "bird");
        assertThat(desk.run("show log bord").err()).contains("there is no log 'bord'", "bird");
    }

    @Test
    @DisplayName("81 request system reboot, halt and power-off want a yes at a terminal")
    void power() {
        for (String word : new String[] {"reboot", "halt", "power-off", "reboot in 5"}) {
            assertThat(desk.run("request system " + word).err())
                    .isEqualTo("error: cancelled; confirm with 'yes' at a terminal\n");
        }
        assertThat(desk.router.machine().asked).isEmpty();
        assertThat(desk.run("request system reboot at 25:00").err()).contains("expected hh:mm");
    }

    @Test
    @DisplayName("79 show system processes and storage, show chassis hardware")
    void shows() {
        assertThat(desk.out("show system processes"))
                .isEqualTo(
                        """
                        Process   PID   Running    CPU  Memory
                        floofd   4711  01:01:01  00:12    200M
                        """);
        assertThat(desk.out("show system storage"))
                .contains("ext4        100G   40G    60G       40%  /\n");
        assertThat(desk.out("show chassis hardware"))
                .startsWith("Hardware inventory:\nItem ")
                .contains("CPU        2 x Test\n");
    }
}
