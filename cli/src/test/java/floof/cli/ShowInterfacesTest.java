package floof.cli;

import static org.assertj.core.api.Assertions.assertThat;

import floof.api.network.InterfaceState;
import floof.api.network.InterfaceState.Traffic;
import floof.api.network.InterfaceStatistics.Rate;
import floof.api.network.Port;
import floof.api.view.Reader;
import floof.api.view.UnavailableException;
import floof.base.InterfaceAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
        assertThat(text(broken(), "ge-2", null))
                .contains("  Fault: its device eth9 is gone\n")
                .contains("Local: 2001:db8::1/64 (duplicate), ")
                .contains("Local: 2001:db8::2/64 (tentative), ")
                .contains("Local: 192.0.2.1/24, ");
    }

    @Test
    void tersely() {
        assertThat(text(broken(), "ge-2", "terse"))
                .contains(" 2001:db8::1/64 (duplicate)\n")
                .contains(" 2001:db8::2/64 (tentative)\n")
                .contains(" 192.0.2.1/24\n");
    }

    @Test
    void extensively() throws Exception {
        assertThat(text("extensive"))
                .contains("   Input  bytes   :                64000                    0 bps\n")
                .contains("   Output packets :                  900                    0 pps\n")
                .contains("  Exchange with Linux: 9 to Linux, 7 from Linux\n  Drops: 1\n")
                .contains("    bad-checksum        :               1\n")
                .contains("  Input errors: 7, Ring full: 7, No buffer: 0, Bad length: 0\n")
                .contains("  Output errors: 4, Device full: 3, Refused: 0, Unfit for offload: 1\n")
                .contains("Hardware address: 02:00:00:00:00:01\n")
                .contains("Local: 192.0.2.1/24, ");
    }

    @Test
    void withoutTheFastPathTheRestIsShown() throws Exception {
        FakeRouter router =
                new FakeRouter() {
                    @Override
                    public List<Port> ports() throws UnavailableException {
                        throw new UnavailableException("the fast path is starting");
                    }
                };
        assertThat(text(router, "ge-0", "extensive"))
                .startsWith("warning: the fast path is starting; errors of ports are not known\n")
                .contains("Input  bytes", "Local: 192.0.2.1/24")
                .doesNotContain("Input errors");
    }

    @Test
    void aCounterThatBeganAnewHasNoNegativeRate() {
        assertThat(Rate.of(new Traffic(1000, 64_000), new Traffic(10, 640), 0.5))
                .isEqualTo(new Rate(0, 0));
    }

    @Test
    void eachFormLeavesOutWhatItIsNotAbout() throws Exception {
        assertThat(text("brief")).contains("Local: 192.0.2.1/24").doesNotContain("Input");
        assertThat(text("statistics"))
                .contains("Input errors: 7")
                .doesNotContain("Local: ")
                .doesNotContain("MTU");
        assertThat(text("detail"))
                .contains("Drops: 1")
                .doesNotContain("Input errors", "bad-checksum");
    }

    private static String text(String form) {
        return text(new FakeRouter(), "ge-0", form);
    }

    private static String text(FakeRouter router, String name, @Nullable String form) {
        Map<String, String> typed =
                form == null ? Map.of("name", name) : Map.of("name", name, "form", form);
        return Parts.text(router, "interfaces", typed, Reader.ROOT, 80);
    }

    private static FakeRouter broken() {
        return new FakeRouter() {
            @Override
            public List<InterfaceState> interfaces() {
                return BROKEN;
            }
        };
    }

    @Test
    void aRateIsOverTheTimeThatPassed() {
        Rate rate = Rate.of(new Traffic(10, 1_000), new Traffic(30, 2_000), 2);
        assertThat(rate).isEqualTo(new Rate(10, 4_000));
        assertThat(Rate.of(null, new Traffic(1, 1), 1)).isNull();
    }
}
