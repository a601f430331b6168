package floof.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import floof.cli.client.Floofctl;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What files and scripts hold that is not as it should be, and how that is said. */
@Timeout(300)
class FilesTest extends OnDesk {

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("file"), bytes);
    }

    private Desk.Run script(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status =
                new Floofctl(
                                new ByteArrayInputStream(bytes),
                                new PrintStream(out, true, UTF_8),
                                new PrintStream(err, true, UTF_8))
                        .run("--socket", desk.socket().toString());
        return new Desk.Run(status, out.toString(UTF_8), err.toString(UTF_8));
    }

    @Test
    void aDeleteOfWhatIsAbsentIsAWarning() throws IOException {
        Path file =
                file(
                        """
                        set interfaces ge-7 mtu 1500
                        delete interfaces ge-9
                        deactivate interfaces ge-8
                        delete interfaces ge-7 mtu
                        annotate interfaces ge-6 "nothing"
                        """
                                .getBytes(UTF_8));
        Desk.Run run = desk.run("configure; load set " + file + "; rollback 0");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("load complete\n");
        assertThat(run.err())
                .isEqualTo(
                        """
                        warning: statement not found: %1$s:2: delete interfaces ge-9
                        warning: statement not found: %1$s:3: deactivate interfaces ge-8
                        warning: statement not found: %1$s:5: annotate interfaces ge-6 nothing
                        """
                                .formatted(file));
    }

    @Test
    void manyWarningsAreCounted() throws IOException {
        Path file = file("delete interfaces ge-9\n".repeat(60).getBytes(UTF_8));
        Desk.Run run = desk.run("configure; load set " + file);
        assertThat(run.err().lines()).hasSize(51);
        assertThat(run.err()).endsWith("warning: 10 more warnings\n");
    }

    @Test
    void bytesThatAreNotUtf8AreRefusedByPlace() throws IOException {
        byte[] text =
                "interfaces {\n  ge-0 { description \"zum B\u00e4ren\"; }\n}\n"
                        .getBytes(ISO_8859_1);
        Path file = file(text);
        for (String how : new String[] {"merge", "override", "replace", "update", "set", "patch"}) {
            Desk.Run run = desk.run("configure; load " + how + " " + file);
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err())
                    .contains("error: " + file + ": line 2, column 28: byte 0xe4 is not UTF-8\n");
        }
    }

    @Test
    void aScriptThatIsNotUtf8EndsAtThatPlaceAndChangesNothing() {
        Desk.Run run =
                script("configure\nset system host-name r\u00e4\ncommit\n".getBytes(ISO_8859_1));
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("line 2, column 23: byte 0xe4 is not UTF-8");
        assertThat(desk.out("show configuration")).doesNotContain("host-name");
    }

    @Test
    void aByteOrderMarkIsSkipped() throws IOException {
        Path file = file("\ufeffset system host-name r7\n".getBytes(UTF_8));
        assertThat(desk.run("configure; load set " + file + "; commit").err()).isEmpty();
        assertThat(desk.out("show configuration")).contains("host-name r7;");
        assertThat(script("\ufeffshow version\n".getBytes(UTF_8)).out()).contains("FloofOS:");
    }

    @Test
    void whatIsUtf8Stays() {
        Desk.Run run =
                script(
                        "configure\nset interfaces ge-0 driver tap\nset interfaces ge-0 description \"B\u00e4r \ufffd\"\ncommit\n"
                                .getBytes(UTF_8));
        assertThat(run.status()).isZero();
        assertThat(desk.out("show configuration")).contains("B\u00e4r \ufffd");
    }
}
