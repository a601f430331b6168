package floof.linux.dpdk;

/** Program of {@link DpdkTest}: says why DPDK cannot be had in this process. */
final class RefusalTeller {

    private RefusalTeller() {}

    public static void main(String[] arguments) {
        System.out.println(Eal.refusal());
    }
}
