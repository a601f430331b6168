package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What waits, when the machine loses its power; it starts again, some minutes later. */
@Tag("slow")
class MachineRestartTest {

    private static final String SHOW = "show configuration system host-name; show system commit";

    @Test
    @DisplayName(
            "42, 46 over a power cut: what nobody confirmed is rolled back, what waits is done")
    void whatWaitsOutlivesTheMachine() throws Exception {
        try (Machine machine = new Machine(Files.createTempDirectory("floof-lab-machine-"))) {
            String first =
                    machine.boot(
                            """
                            router
                            ctl 'configure; set system host-name before; commit
                            set system host-name unconfirmed; commit confirmed 1 and-quit'
                            cut
                            """);
            assertThat(first).contains("commit confirmed will be automatically rolled back in 1 ");

            String second =
                    machine.boot(
                            """
                            date -s '+5 minutes'
                            router
                            ctl '%1$s; configure; set system host-name later; commit at reboot'
                            floofd=$(pgrep -f floof.app.Floofd)
                            kill -9 $floofd
                            tail --pid=$floofd -f /dev/null
                            rm /run/floof/uml/floofd.sock
                            answers
                            echo '-- again'
                            ctl '%1$s'
                            cut
                            """
                                    .formatted(SHOW));
            String again = second.substring(second.indexOf("-- again"));
            assertThat(second).contains("host-name before;\n0   ", " by root via timer");
            assertThat(again)
                    .as("floofd alone was started again")
                    .contains("host-name before;", " for the machine's next start");

            String third =
                    machine.boot(
                            """
                            router
                            ctl '%s; configure; set system host-name kept; commit confirmed 1; commit'
                            cut
                            """
                                    .formatted(SHOW));
            assertThat(third).contains("host-name later;\n0   ").contains("commit complete");
            assertThat(machine.boot("ls /var/lib/floof/uml"))
                    .as("what was confirmed does not wait")
                    .contains("history")
                    .doesNotContain("pending");
        }
    }
}
