package floof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import floof.testkit.Eventually;
import java.nio.file.Files;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Sessions of people. */
class TerminalTest extends OnTerminal {

    @Test
    void aSession() throws Exception {
        type("?");
        expect(
                "Possible completions:\n"
                        + "  clear               Clear information in the system\n"
                        + "  configure           Change the configuration\n");
        expect("@floof> ");
        type("sh\t");
        expect("show ");
        type("int ?");
        expect("show interfaces ");
        expect("  ge-0                the client\n");
        expect("  terse               One line each\n");
        expect("  |                   Pipe through a command\n");
        type("te\r");
        expect("ge-0                    up    up   inet     192.0.2.1/24\n");
        type("sh i ");
        expect("'i' is ambiguous.\nPossible completions:\n  interfaces");
        type("nt\u0015show nonsense\r");
        expect("^\nsyntax error.\n");
        type("\u0015foo ");
        expect("^\nunknown command.\n");
        type("\u0015configure\r");
        expect("Entering configuration mode\n\n[edit]\n");
        expect("@floof# ");
        type("set interfaces ge-0 ?");
        expect("+ address              IPv4 or IPv6 address with prefix length\n");
        expect("  mtu                  Longest IP packet in bytes (default 1500)\n");
        type("driver tap description \"a  b? c\"\r");
        expect("[edit]\n");
        type("edit interfaces ?");
        expect("> ge-0                a  b? c\n");
        type("ge-0\r");
        expect("[edit interfaces ge-0]\n");
        type("exit\r");
        expect("[edit]\n");
        type("exit\r");
        expect("The configuration has been changed but not committed\n");
        expect("Exit with uncommitted changes? [yes,no] (yes) ");
        type("no\r");
        expect("# ");
        type("commit and-quit\r");
        expect("commit complete\nExiting configuration mode\n");
        type("show configuration | compare rollback ?");
        expect(" by " + System.getProperty("user.name") + " via cli\n");
        type("\u0015quit\r");
        expect("status 0");
        expect(" icanon");
        assertThat(router.history().getFirst().user()).isEqualTo(System.getProperty("user.name"));
    }

    @Test
    @DisplayName("17, 25, 55 what is asked before much goes; input ends at ^D")
    void questions() throws Exception {
        type("configure\rload set terminal\r");
        expect("[Type ^D at a new line to end input]");
        type("set interfaces ge-0 driver tap\rset interfaces ge-1 driver tap\r");
        type("set interfaces xe-0 driver tap mtu 9000\r");
        type("\u0004");
        expect("load complete");
        // Ctrl-C keeps its place among the keys, however early they come.
        type("load set terminal\rset interfaces xe-9 driver tap\r\u0003");
        expect("error: interrupted; candidate unchanged\n");
        type("wildcard delete interfaces ge-*\r");
        expect("  matched: ge-0\n  matched: ge-1\nDelete 2 objects? [yes,no] (no) ");
        type("yes\r");
        expect("[edit]\n");
        type("edit interfaces xe-0\r");
        expect("[edit interfaces xe-0]\n");
        type("delete\r");
        expect("Delete everything under this level? [yes,no] (no) ");
        type("\r");
        expect("[edit interfaces xe-0]\n");
        type("top show | display set\r");
        expect("set interfaces xe-0 driver tap\nset interfaces xe-0 mtu 9000\n\n[edit");
        type("delete\r");
        expect("[yes,no] (no) ");
        type("yes\r");
        expect("[edit interfaces xe-0]\n");
        type("top show | display set\r");
        expect("\nset interfaces xe-0\n\n[edit");
    }

    @Test
    @DisplayName("a narrow screen leaves columns out, says so, and shows them behind 'detail'")
    void everyColumn() throws Exception {
        type("set cli screen-width 80\r");
        expect("Screen width set to 80\n");
        type("show bgp summary ?");
        expect("  detail              Show all columns, regardless of the screen width\n");
        type("\r");
        expect("\n(2 columns left out; 'detail' shows all)\n");
        assertThat(shown()).contains("State", "Up/Dwn").doesNotContain("Accepted", "Exported");
        type("show bgp summary detail\r");
        expect("Exported\n");
        assertThat(shown()).contains("Accepted").doesNotContain("left out");
        type("show bgp summary detail | display json | match exported\r");
        expect("\"exported\"");
        type("set cli screen-width 40\rshow route forwarding-table\r");
        expect("left out; 'detail' shows all)\n");
        assertThat(shown()).contains("Netif").doesNotContain("Fast path");
        type("show route forwarding-table detail\r");
        expect("Fast path");
        expect("@floof> ");
        assertThat(shown()).doesNotContain("left out");
    }

    @Test
    void pagesAndScreenLength() throws Exception {
        type("configure\rload set terminal\r");
        expect("[Type ^D at a new line to end input]");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            lines.append("set interfaces p").append(i).append(" driver tap\r");
        }
        type(lines.toString());
        type("\u0004");
        expect("load complete");
        type("show\r");
        expect("---(more ");
        assertThat(shown()).contains("p0 {").doesNotContain("p20 {");
        type(" ");
        expect("---(more ");
        type("/p50\r");
        expect("p50 {");
        type("q");
        expect("# ");
        type("run set cli screen-length 0\r");
        expect("Screen length set to 0");
        type("show | count\r");
        expect("Count: 1502 lines");
        type("show | no-more\r");
        expect("p59 {");
        type("delete\r");
        expect("Delete everything under this level? [yes,no] (no) ");
        type("\r");
        expect("# ");
        type("show | count\r");
        expect("Count: 1502 lines");
        type("delete\r");
        expect("(no) ");
        type("yes\r");
        expect("# ");
        type("show | count\r");
        expect("Count: 0 lines");
        type("rollback\r");
        expect("load complete");
        type("\u0004"); // as exit
        expect("Exiting configuration mode");
        type("\u0004");
        expect("status 0");
    }

    @Test
    void coloursAreForPeopleWhoWantThem() throws Exception {
        type("configure\r");
        expect("Entering configuration mode");
        type("set system host-name other\r");
        expect("[edit]");
        type("show | compare\r");
        expect("+       host-name other;");
        assertThat(isColoured(32)).isTrue();
        type("run set cli screen-length 0\r");
        expect("Screen length set to 0");
        type("show | compare\r");
        expect("+       host-name other;");
        assertThat(isColoured(31, 32)).isFalse();
        type("exit\r");
        expect("(yes) ");
        type("yes\r");
        expect("> ");
        type("exit\r");
        expect("status 0");
        connect("NO_COLOR=1");
        expect("> ");
        type("configure\r");
        expect("Entering configuration mode");
        type("show | compare\r");
        expect("+       host-name other;");
        assertThat(isColoured(31, 32)).isFalse();
        type("exit\r");
    }

    @Test
    void aNewSizeIsSeen() throws Exception {
        type("set cli screen-length 0\r");
        expect("Screen length set to 0");
        String tty = pts();
        new ProcessBuilder("stty", "-F", tty, "cols", "40", "rows", "10").start().waitFor();
        // At 40 columns a line of 60 wraps: the editor moves to a second row for it.
        long end = System.nanoTime() + Eventually.LIMIT.toNanos();
        char letter = 'a'; // another each time: what is on the screen already is not drawn again
        do {
            Thread.sleep(200);
            String line = String.valueOf(letter++).repeat(60);
            type("\u0015" + line);
            expect(line.substring(0, 5));
            Thread.sleep(200);
        } while (!shown().contains("\n") && System.nanoTime() < end);
        assertThat(shown()).contains("\n");
    }

    @Test
    void theServersEndIsSaidAndTheTerminalIsItselfAgain() throws Exception {
        server.close();
        expect("floofctl: the session with floofd ended: floofd closed the connection");
        expect("status 1");
        expect(" icanon");
        assertThat(Files.exists(folder.resolve("sock"))).isFalse();
    }

    @Test
    void withoutFloofdThereIsARescueShell() throws Exception {
        type("exit\r");
        expect("status 0");
        server.close();
        connect();
        expect("floofctl: floofd does not answer at ");
        if (!"root".equals(System.getProperty("user.name"))) {
            expect("status 1");
            return;
        }
        expect("Start a rescue shell? [yes,no] (no) ");
        type("yes\n");
        type("echo $((6 * 7))\n");
        expect("\n42\n");
        type("exit\n");
        expect("status 1");
        connect();
        expect("(no) ");
        type("\n");
        expect("status 1");
    }
}
