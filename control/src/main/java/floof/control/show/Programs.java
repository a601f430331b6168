package floof.control.show;

import floof.api.Program;
import floof.api.Program.Place;
import floof.control.daemon.OomScore;
import floof.control.instance.Instance;
import floof.control.instance.Processes;
import floof.linux.error.LinuxException;
import floof.linux.system.Pty;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Starts programs with an operator's rights: setpriv(1), nsenter(1), setsid(1). Thread: any. */
record Programs(Instance instance) {

    private static final String PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** Gives the program the terminal, whose master is not its parent's. */
    private static final String ON_TERMINAL = "exec \"$@\" <>\"$0\" >&0 2>&1";

    /** Who starts floofd in the background of a script has it ignore these, and all below it. */
    private static final List<String> INTERRUPTIBLE =
            List.of("env", "--default-signal=HUP,INT,QUIT");

    /** For an end that was asked for: after it, it is killed. */
    private static final long END_MS = 2_000;

    /** For a look into the system's list of users. */
    private static final long LOOK_UP_MS = 5_000;

    Program.Running start(Program program) throws IOException {
        if (find(program.words().getFirst()) == null) {
            throw new IOException("there is no program " + program.words().getFirst());
        }
        Account account = Account.of(program.user());
        Program.Size terminal = program.terminal();
        List<String> words = new ArrayList<>();
        Pty pty = null;
        try {
            if (terminal != null) {
                pty = Pty.open();
                pty.resize(terminal.columns(), terminal.rows());
                Files.setOwner(
                        pty.slave(),
                        pty.slave()
                                .getFileSystem()
                                .getUserPrincipalLookupService()
                                .lookupPrincipalByName(account.uid()));
                words.addAll(List.of("sh", "-c", ON_TERMINAL, pty.slave().toString()));
                words.addAll(List.of("setsid", "--ctty"));
            } else {
                words.add("setsid");
            }
            words.addAll(INTERRUPTIBLE);
            words.addAll(OomScore.EXPENDABLE);
            if (program.place() == Place.DATAPLANE) {
                words.addAll(List.of("nsenter", "--net=" + instance.dataplane(), "--"));
            }
            if (!account.uid().equals("0")) {
                words.addAll(account.become(program.capabilities()));
            }
            words.addAll(program.words());
            ProcessBuilder builder =
                    new ProcessBuilder(words)
                            .directory(folder(program.folder()))
                            .redirectErrorStream(true);
            environment(builder.environment(), account, terminal);
            return new Started(builder.start(), pty);
        } catch (IOException | LinuxException e) {
            if (pty != null) {
                pty.close();
            }
            throw new IOException(
                    "cannot run " + program.words().getFirst() + ": " + e.getMessage(), e);
        }
    }

    private static java.io.File folder(Path wanted) {
        return Files.isDirectory(wanted) ? wanted.toFile() : Path.of("/").toFile();
    }

    private static @Nullable Path find(String program) {
        return Stream.of(PATH.split(":"))
                .map(folder -> Path.of(folder).resolve(program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    private static void environment(
            Map<String, String> environment, Account account, Program.@Nullable Size terminal) {
        environment.clear();
        environment.put("PATH", PATH);
        environment.put("HOME", account.home());
        environment.put("USER", account.name());
        environment.put("LOGNAME", account.name());
        environment.put("LANG", "C.UTF-8");
        environment.put("TERM", terminal == null ? "dumb" : terminal.name());
    }

    /** An account as getent(1) tells it: {@code name:password:uid:gid:gecos:home:shell}. */
    private record Account(String name, String uid, String gid, String home) {

        static Account of(String user) throws IOException {
            Processes.Outcome found =
                    Processes.run(LOOK_UP_MS, List.of("getent", "passwd", "--", user));
            String[] fields = found.output().split(":", -1);
            if (found.status() != 0 || fields.length < 7) {
                throw new IOException("there is no user " + user);
            }
            return new Account(fields[0], fields[2], fields[3], fields[5]);
        }

        List<String> become(java.util.Set<String> capabilities) {
            List<String> words =
                    new ArrayList<>(
                            List.of(
                                    "setpriv",
                                    "--reuid=" + uid,
                                    "--regid=" + gid,
                                    "--init-groups"));
            if (!capabilities.isEmpty()) {
                String list =
                        capabilities.stream().map(c -> "+" + c).collect(Collectors.joining(","));
                words.add("--inh-caps=" + list);
                words.add("--ambient-caps=" + list);
            }
            words.add("--");
            return words;
        }
    }

    private static final class Started implements Program.Running {

        private final Process process;
        private final @Nullable Pty pty;
        private final InputStream output;

        Started(Process process, @Nullable Pty pty) {
            this.process = process;
            this.pty = pty;
            this.output = process.getInputStream();
        }

        @Override
        public int read(byte[] to) throws IOException {
            if (pty == null) {
                return output.read(to);
            }
            int count;
            do {
                count = pty.read(to);
            } while (count == 0 && process.isAlive());
            return count == 0 ? -1 : count; // one that it left behind may have the terminal still
        }

        @Override
        public void write(byte[] bytes, int count) throws IOException {
            if (pty != null) {
                pty.write(bytes, count);
            } else {
                process.getOutputStream().write(bytes, 0, count);
            }
        }

        @Override
        public void endInput() throws IOException {
            if (pty == null) {
                process.getOutputStream().close();
            }
        }

        @Override
        public void resize(int columns, int rows) {
            if (pty != null) {
                pty.resize(columns, rows);
            }
        }

        @Override
        public int await() {
            try {
                return process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return 1;
            }
        }

        @Override
        public void close() {
            List<ProcessHandle> session = session();
            session.forEach(ProcessHandle::destroy);
            if (pty != null) {
                pty.close();
            }
            long endNs = System.nanoTime() + END_MS * 1_000_000;
            for (ProcessHandle member : session) {
                Processes.end(member, Math.max(0, (endNs - System.nanoTime()) / 1_000_000));
            }
            await();
        }

        /** The living of its session, whose number is that of its first process. */
        private List<ProcessHandle> session() {
            return ProcessHandle.allProcesses()
                    .filter(p -> p.pid() == process.pid() || sessionOf(p.pid()) == process.pid())
                    .filter(ProcessHandle::isAlive)
                    .toList();
        }

        /** Field 6 of proc_pid_stat(5), 0 for one that is gone. */
        private static long sessionOf(long pid) {
            try {
                String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
                return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3]);
            } catch (IOException e) {
                return 0;
            }
        }
    }
}
