package floof.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SyscallTest {

    @Test
    void anotherProcessorIsRefusedByName() {
        assertThat(Syscall.refusal("Linux", "amd64")).isEmpty();
        assertThat(Syscall.refusal("Linux", "aarch64"))
                .isEqualTo("FloofOS runs on Linux on x86-64 only; this is Linux on aarch64");
        assertThat(Syscall.refusal("FreeBSD", "amd64")).contains("FreeBSD");
    }
}
