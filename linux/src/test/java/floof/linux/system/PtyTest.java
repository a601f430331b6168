package floof.linux.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class PtyTest {

    private static Process on(Pty pty, String command) throws IOException {
        // Tests may run in the background of a script, which ignores SIGINT.
        String signals = "env --default-signal=HUP,INT ";
        String take = "exec setsid --ctty " + signals + "sh -c '" + command + "' <>\"$0\" >&0 2>&1";
        return new ProcessBuilder("sh", "-c", take, pty.slave().toString()).start();
    }

    private static String read(Pty pty, String until) {
        StringBuilder text = new StringBuilder();
        byte[] bytes = new byte[1000];
        for (int n = 0; n >= 0 && !text.toString().contains(until); n = pty.read(bytes)) {
            text.append(new String(bytes, 0, n, UTF_8));
        }
        return text.toString();
    }

    @Test
    void aProgramHasItAsItsTerminal() throws Exception {
        try (Pty pty = Pty.open()) {
            pty.resize(123, 45);
            Process process = on(pty, "test -t 1 && stty size; read line; echo \"got $line\"");
            assertThat(read(pty, "\n")).isEqualTo("45 123\r\n");
            pty.write("hello\r".getBytes(UTF_8), 6);
            assertThat(read(pty, "got")).contains("hello\r\ngot");
            assertThat(process.waitFor()).isZero();
            byte[] bytes = new byte[100];
            int end = pty.read(bytes);
            while (end > 0) {
                end = pty.read(bytes);
            }
            assertThat(end).as("nobody has it").isEqualTo(-1);
        }
    }

    @Test
    void aControlCharacterInterruptsAndItsEndHangsUp() throws Exception {
        try (Pty pty = Pty.open()) {
            Process process = on(pty, "echo on; exec sleep 60");
            read(pty, "on");
            pty.write(new byte[] {3}, 1);
            assertThat(process.waitFor()).as("SIGINT").isEqualTo(128 + 2);
        }
        Pty pty = Pty.open();
        Process process = on(pty, "echo on; exec sleep 60");
        read(pty, "on");
        pty.close();
        pty.close();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("SIGHUP").isEqualTo(128 + 1);
        assertThat(pty.read(new byte[1])).isEqualTo(-1);
        pty.write(new byte[1], 1);
        pty.resize(1, 1);
    }
}
