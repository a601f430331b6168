package floof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a person's fingers know: prompts, help, completion, keys, history, pages. */
class EditorTest extends OnTerminal {

    private static final String UP = "\033[A";

    @Test
    @DisplayName("1, 2, 3, 7 prompts, banners, modes, and operational commands by run")
    void modes() throws Exception {
        String user = System.getProperty("user.name");
        expect(user + "@floof> ");
        type("configure\r");
        expect("Entering configuration mode\n\n[edit]\n" + user + "@floof# ");
        type("edit interfaces ge-0\r");
        expect("\n[edit interfaces ge-0]\n" + user + "@floof# ");
        type("run show arp | cou\t");
        expect("| count ");
        type("\r");
        expect("Count: 4 lines\n\n[edit interfaces ge-0]\n");
        type("run show int?");
        expect("  interfaces          Interfaces\n");
        type("\u0015exit configuration-mode\r");
        expect("(yes) "); // edit made the interface
        type("\r");
        expect("Exiting configuration mode\n");
        expect(user + "@floof> ");
    }

    @Test
    @DisplayName("61, 62 ? lists at once: header, marks, placeholders, [Enter], pipe, descriptions")
    void help() throws Exception {
        type("show interfaces ?");
        expect("Possible completions:\n");
        expect("  <[Enter]>           Execute this command\n");
        expect("  ge-0                the client\n");
        expect("  <interface>         Name of an interface\n");
        expect("  |                   Pipe through a command\n");
        expect("@floof> show interfaces ");
        type("\u0015configure\rset interfaces ge-0 ?");
        expect("+ address ");
        expect("> pcap ");
        expect("  mtu ");
        assertThat(shown()).doesNotContain("Execute this command\n  |\n");
    }

    @Test
    @DisplayName("63 space and Tab complete keywords, Tab names and files; complete-on-space off")
    void completion() throws Exception {
        type("sh int ");
        expect("show interfaces ");
        type("ge-\t");
        expect("'ge-' is ambiguous.\n");
        type("\u0015show bgp neighbor 198\t");
        expect("bgp neighbor 198.51.100.2 "); // what the lines have in common stays
        Files.createDirectories(folder.resolve("some-folder"));
        Files.writeString(folder.resolve("some-folder/some-file"), "text of it\n");
        type("\u0015file show " + folder + "/some\t");
        expect("some-folder/");
        type("so\t\r");
        expect("some-file \ntext of it\n");
        type("configure\rset interfaces ge-0 description \"a b\"\r");
        expect("[edit]\n");
        type("delete interfaces ge-0 desc\t\t");
        expect("description \"a b\" ");
        type("\r");
        expect("[edit]\n");
        type("run set cli complete-on-space off\r");
        expect("Disabling complete-on-space\n");
        type("exit\r");
        expect("(yes) ");
        type("\rsh int te\r");
        expect("Interface               Admin Link");
        assertThat(shown()).contains("sh int te\n");
        type("set cli complete-on-space on\r");
        expect("Enabling complete-on-space\n");
    }

    @Test
    @DisplayName("64, 65 unique prefixes run; the caret stands under the word that is wrong")
    void errors() throws Exception {
        int prompt = (System.getProperty("user.name") + "@floof> ").length();
        type("sh ver\r");
        expect("Hostname: floof\n");
        type("show nonsense\r");
        expect("\n" + " ".repeat(prompt + 5) + "^\nsyntax error.\n");
        type("nonsense\r");
        expect("\n" + " ".repeat(prompt) + "^\nunknown command.\n");
        type("show i\r");
        expect("^\n'i' is ambiguous.\nPossible completions:\n  interfaces");
        type("show\r");
        expect("^\nmissing argument.\n");
        type("set foo\r");
        expect("^\nsyntax error, expecting <cli>.\n");
        type("show arp x?");
        expect("No valid completions\n");
        type("\u0015trace add 0\r");
        expect("^\ninvalid value '0': expected a number 1..1000\n");
    }

    @Test
    @DisplayName("66 emacs keys, history with arrows and search, show cli history")
    void keys() throws Exception {
        type("set cli complete-on-space off\r");
        expect("Disabling");
        type("xow version\u0001\u0004sh\r"); // to the begin, delete, type
        expect("Hostname: floof\n");
        type("show arp nonsense\u0017| count\r"); // Ctrl-W: a word
        expect("Count: 4 lines\n");
        type("show trace\033b\033d arp\u0005 | count\r"); // Esc-B, Esc-D, Ctrl-E
        expect("Count: 4 lines\n");
        type(
                "show version"
                        + " garbage\u0002\u0002\u0002\u0002\u0002\u0002\u0002\u000b\r"); // Ctrl-B,
        // -K
        expect("Hostname: floof\n");
        type("garbage\u0015\u001b[A\r"); // Ctrl-U, up
        expect("Hostname: floof\n");
        type(UP + UP + UP + "\r");
        expect("Count: 4 lines\n");
        type("\u0012show ver"); // Ctrl-R
        expect("bck-i-search: ");
        type("\r");
        expect("Hostname: floof\n");
        type("show cli history 2\r");
        expect(" -- show version\n");
        expect(" -- show cli history 2\n");
        assertThat(shown()).containsPattern("[0-9]{2}:[0-9]{2}:[0-9]{2} -- show version");
    }

    @Test
    @DisplayName("67 help apropos, reference, topic, tip cli; apropos from the current level")
    void helps() throws Exception {
        type("help apropos neighb\r");
        expect("show ipv6 neighbors\n    IPv6 neighbours\n");
        type("help tip cli\r");
        expect("'?' lists the possible completions");
        type("help reference interfaces mtu\r");
        expect("interfaces <interface> mtu <");
        expect("Longest IP packet in bytes");
        type("configure\redit interfaces ge-0\r");
        expect("[edit interfaces ge-0]\n");
        type("help apropos \"IP packet\"\r");
        expect("set mtu\n    Longest IP packet in bytes\n");
        type("help topic interfaces mtu\r");
        expect("Longest IP packet in bytes");
    }

    @Test
    @DisplayName("72 no-more, screen-length and screen-width, with the words of Junos")
    void screen() throws Exception {
        type("set cli screen-width 60\r");
        expect("Screen width set to 60\n");
        type("set cli screen-length 0\r");
        expect("Screen length set to 0\n");
        type("show bgp summary\r");
        expect("Up/Dwn\n"); // the columns that matter most
        assertThat(shown().lines().filter(line -> !line.contains("@floof>")))
                .allMatch(line -> line.length() <= 60);
        type("show cli\r");
        expect(
                "CLI complete-on-space set to on\n"
                        + "CLI screen-length set to 0\n"
                        + "CLI screen-width set to 60\n");
        type("set cli screen-length 5\r");
        expect("Screen length set to 5\n");
        type("show interfaces terse | no-more\r");
        expect("lo                      up    up\n");
    }

    @Test
    @DisplayName("73 the pager: percent, space, Enter, b, g, G, /, n, h, q")
    void pager() throws Exception {
        type("set cli screen-length 5\r");
        expect("Screen length set to 5\n");
        type("show fast-path ports | match \"\"\r");
        expect("---(more ");
        assertThat(shown()).containsPattern("---\\(more [0-9]+%\\)---");
        type("\r");
        expect("---(more ");
        type("h");
        expect("space: next page");
        type("g");
        expect("Index  Port");
        type("/no such");
        expect("/no such");
        type("\u007f".repeat(8)); // what is rubbed out to its begin is given up
        expect("---(more ");
        type("/Of thees\u007f\u007fse\r");
        expect("Port  Of these");
        type("g");
        expect("---(more");
        type("/unsent\r");
        expect("unsent: the device took no more");
        expect("@floof> "); // that was the end
        type("show version | hold\r");
        expect("---(more 66%)---");
        type("G");
        expect("---(more 100%)---");
        type("b");
        expect("Hostname: floof\n");
        type("q");
        expect("@floof> ");
    }

    @Test
    @DisplayName("68 refresh runs a command again until a key is pressed")
    void refresh() throws Exception {
        type("show arp | refresh 1\r");
        expect("---(refreshed at ");
        expect("Total entries: 2\n");
        screenIsClearedAgain();
        type("q");
        expect("@floof> ");
    }

    private void screenIsClearedAgain() throws Exception {
        type("");
        expect("---(refreshed at ");
    }

    @Test
    @DisplayName(
            "80 monitor interface: full screen, rates, keys n, f, r, q; monitor start and stop")
    void monitor() throws Exception {
        type("monitor interface ge-0\r");
        expect("Interface: ge-0, Enabled, Link is Up\n");
        expect("Input packets");
        expect("0 pps");
        assertThat(shown()).containsPattern("Input packets +1000 ");
        type("n");
        expect("Interface: ge-1, Enabled, Link is Down\n");
        type("f");
        type("r");
        expect("Interface: ge-1");
        type("q");
        expect("@floof> ");
        type("monitor interface traffic\r");
        expect("Interface  Link");
        assertThat(shown()).as("totals as in the other form").containsPattern("ge-0 +Up +1000 ");
        type("d");
        expect("Input delta");
        expect("Totals='d'");
        assertThat(shown()).containsPattern("ge-0 +Up +0 ");
        type("\u0003");
        expect("@floof> ");
        type("set cli screen-width 40\r");
        expect("Screen width set to 40\n");
        type("monitor interface traffic\r");
        expect("Delta='d', Freeze='f', Resume='r', Clear\n"); // cut, not broken
        type("q");
        expect("@floof> ");
        type("set cli screen-width 100\r");
        expect("Screen width set to 100\n");
        Files.writeString(folder.resolve("bird.log"), "old\n");
        type("monitor start bird\r");
        expect("@floof> ");
        // What is appended before the watch looks for the end of the log is not shown.
        expect("*** bird ***\nnew\n", () -> append("bird.log", "new\n"));
        type("monitor list\r");
        expect("monitor start \"bird\"\n");
        type("monitor stop bird\r");
        expect("@floof> ");
    }

    /** During drawing, Ctrl-C is a signal. */
    @Test
    void ctrlCEndsWhatDraws() throws Exception {
        for (String command : List.of("monitor interface traffic", "show interfaces | refresh 1")) {
            CountDownLatch draws = new CountDownLatch(1);
            CountDownLatch goesOn = new CountDownLatch(1);
            router.beforeInterfaces =
                    () -> {
                        draws.countDown();
                        try {
                            goesOn.await();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    };
            type(command + "\r");
            draws.await();
            type("\u0003");
            expect("^C");
            router.beforeInterfaces = () -> {};
            goesOn.countDown();
            expect("@floof> ");
        }
    }

    @Test
    @DisplayName("80 a program has the terminal and Ctrl-C")
    void program() throws Exception {
        type("start shell command \"echo begun; exec sleep 30\"\r");
        expect("\nbegun\n");
        type("\u0003");
        expect("@floof> ");
        type("show version | count\r");
        expect("Count: 6 lines\n");
        assertThat(router.machine().processes.getLast().isAlive()).isFalse();
    }

    @Test
    void aCommentAtATerminalIsNoCommand() throws Exception {
        type("# first: show what is there? yes\r");
        expect("yes\n");
        type("show version\r");
        expect("FloofOS: 0.1.0");
        assertThat(shown()).doesNotContain("unknown command");
        type("configure\r");
        expect("[edit]\n");
        type("  # set interfaces\r");
        type("show | plan\r");
        expect("Nothing to do: the router already runs this configuration\n");
    }

    @Test
    void whatATerminalSendsMustBeUtf8() throws Exception {
        type(new byte[] {'#', ' ', 'B', (byte) 0xe4, 'r', '\r'});
        type(new byte[] {'s', 'h', 'o', 'w', ' ', 'v', (byte) 0xe4, '\r'});
        expect("this is not UTF-8.");
    }

    private void append(String log, String text) {
        try {
            Files.writeString(folder.resolve(log), text, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
