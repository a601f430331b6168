package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code ./floof build} says while it builds. A real build takes minutes: the entry script
 * runs in a folder of its own, with a program that prints what Maven would.
 */
class BuildProgressTest {

    private static final String PRINTED =
            """
            [INFO] Building FloofOS 0.1.0-SNAPSHOT                  [1/18]
            Downloading from central: https://repo.example/org/a/a-1.pom
            [INFO] Building base 0.1.0-SNAPSHOT                     [2/18]
            [INFO] Building jar: /x/base/target/base-0.1.0-SNAPSHOT.jar
            """;

    @TempDir private Path folder;

    @BeforeEach
    void copy() throws IOException {
        Files.copy(Router.repository().resolve("floof"), folder.resolve("floof"));
        Files.createDirectories(folder.resolve("bin"));
    }

    private Command.Outcome build(String behind) throws IOException {
        Path mvn = folder.resolve("bin/mvn");
        String script = "#!/bin/sh\nmkdir -p app/target/image\ncat <<'EOT'\n%sEOT\n%s\n";
        Files.writeString(mvn, script.formatted(PRINTED, behind));
        Files.setPosixFilePermissions(mvn, PosixFilePermissions.fromString("rwxr-xr-x"));
        return Command.of(
                        "env",
                        "-u",
                        "FLOOF_IS_BUILT",
                        "JAVA_HOME=" + System.getProperty("java.home"),
                        "PATH=" + mvn.getParent() + ":" + System.getenv("PATH"),
                        folder.resolve("floof").toString(),
                        "build")
                .run("", Duration.ofSeconds(60));
    }

    @Test
    void eachModuleIsNamedWithItsNumberAndTheTimeTheWholeTakes() throws IOException {
        Command.Outcome outcome = build("exit 0");
        assertThat(outcome.status()).as(outcome.output()).isZero();
        assertThat(outcome.output())
                .startsWith("building FloofOS (about 180 s)\n")
                .containsPattern("module 1 of 18 \\(FloofOS\\), \\d+ s of about 180 s\n")
                .containsPattern("module 2 of 18 \\(base\\), \\d+ s of about 180 s\n")
                .containsPattern("built in \\d+ s\n")
                .doesNotContain("jar:");
        assertThat(folder.resolve("app/target/image/.seconds")).exists();
        assertThat(build("exit 1").output()).as("nothing changed").isEmpty();
    }

    @Test
    void whyItFailedIsShown() throws IOException {
        Command.Outcome outcome = build("echo '[ERROR] A.java:[1,2] no such thing'; exit 1");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.output())
                .contains("[ERROR] A.java:[1,2] no such thing", "floof: the build failed")
                .doesNotContain("[INFO]", "Downloading");
    }
}
