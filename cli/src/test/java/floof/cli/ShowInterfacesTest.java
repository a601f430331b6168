package floof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import floof.api.InterfaceState;
import floof.base.InterfaceAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is wrong with an interface is shown with it. */
class ShowInterfacesTest {

    private static final InterfaceAddress DUPLICATE = InterfaceAddress.parse("2001:db8::1/64");
    private static final InterfaceAddress NEW = InterfaceAddress.parse("2001:db8::2/64");
    private static final InterfaceAddress GOOD = InterfaceAddress.parse("192.0.2.1/24");

    private static final List<InterfaceState> BROKEN =
            List.of(
                    new InterfaceState(
                            "ge-2",
                            0,
                            true,
                            false,
                            null,
                            1500,
                            "",
                            List.of(GOOD, DUPLICATE, NEW),
                            "eth9",
                            "af-packet",
                            null,
                            null,
                            List.of(DUPLICATE),
                            List.of(NEW),
                            "its device eth9 is gone"));

    @Test
    void inDetail() {
        assertThat(Show.detail(BROKEN))
                .contains("  Fault: its device eth9 is gone\n")
                .contains("Local: 2001:db8::1/64 (duplicate), ")
                .contains("Local: 2001:db8::2/64 (tentative), ")
                .contains("Local: 192.0.2.1/24, ");
    }

    @Test
    void tersely() {
        assertThat(Show.terse(BROKEN))
                .contains(" 2001:db8::1/64 (duplicate)\n")
                .contains(" 2001:db8::2/64 (tentative)\n")
                .contains(" 192.0.2.1/24\n");
    }
}
