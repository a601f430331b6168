package floof.lab.bench;

import floof.lab.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The longest gap that a program meets which does nothing but read the clock: what the machine
 * alone does to a core. In C where there is a compiler, else in Java.
 */
public final class Spinner {

    private static final String SOURCE =
            """
            #define _GNU_SOURCE
            #include <sched.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <sys/resource.h>
            #include <time.h>
            #include <unistd.h>
            static long long now(void) {
                struct timespec t;
                clock_gettime(CLOCK_MONOTONIC, &t);
                return t.tv_sec * 1000000000LL + t.tv_nsec;
            }
            int main(int count, char **words) {
                cpu_set_t cpus;
                CPU_ZERO(&cpus);
                CPU_SET(atoi(words[1]), &cpus);
                sched_setaffinity(0, sizeof cpus, &cpus);
                setpriority(PRIO_PROCESS, 0, -20);
                // As the worker: before other sessions too, where they are scheduled in groups.
                setsid();
                FILE *group = fopen("/proc/self/autogroup", "w");
                if (group) {
                    fputs("-20", group);
                    fclose(group);
                }
                long long last = now(), end = last + atoi(words[2]) * 1000000000LL, longest = 0;
                while (last < end) {
                    long long next = now();
                    if (next - last > longest) longest = next - last;
                    last = next;
                }
                printf("%lld\\n", longest / 1000);
                return 0;
            }
            """;

    private final String[] command;

    private Spinner(String... command) {
        this.command = command;
    }

    /**
     * @param folder for the program
     */
    static Spinner make(Path folder) throws IOException {
        Path source = Files.writeString(folder.resolve("spinner.c"), SOURCE);
        String program = folder.resolve("spinner").toString();
        try {
            Command.of("gcc", "-O2", "-o", program, source.toString()).mustRun();
            return new Spinner(program);
        } catch (java.io.UncheckedIOException | IllegalStateException e) {
            String java = ProcessHandle.current().info().command().orElse("java");
            String classes = System.getProperty("jdk.module.path", "");
            return new Spinner(
                    "nice",
                    "-n",
                    "-40",
                    "taskset",
                    "-c",
                    "CPU",
                    java,
                    "-p",
                    classes,
                    "-m",
                    "floof.lab/" + Spinner.class.getName());
        }
    }

    /** C or Java. */
    String language() {
        return command.length == 1 ? "C" : "Java";
    }

    /** Spins on a CPU; the longest gap in microseconds. */
    long longestUs(int cpu, int seconds) {
        String[] words = java.util.Arrays.copyOf(command, command.length + 2);
        for (int i = 0; i < command.length; i++) {
            words[i] = words[i].equals("CPU") ? "" + cpu : words[i];
        }
        words[command.length] = "" + cpu;
        words[command.length + 1] = "" + seconds;
        return Long.parseLong(Command.of(words).mustRun().strip());
    }

    public static void main(String[] words) {
        long last = System.nanoTime();
        long end = last + Long.parseLong(words[1]) * 1_000_000_000L;
        long longest = 0;
        while (last < end) {
            long next = System.nanoTime();
            longest = Math.max(longest, next - last);
            last = next;
        }
        System.out.println(longest / 1000);
    }
}
