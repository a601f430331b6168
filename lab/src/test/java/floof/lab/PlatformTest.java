package floof.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What {@code ./floof} says where it cannot run. */
class PlatformTest {

    @Test
    void anotherProcessorIsRefusedBeforeAnythingIsBuilt() {
        Path floof = Router.repository().resolve("floof");
        Command.Outcome result =
                Command.of("env", "HOSTTYPE=aarch64", floof.toString(), "build").run();
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains("FloofOS runs on Linux on x86-64 only")
                .contains("aarch64");
    }
}
