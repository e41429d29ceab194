package io.millrace.jmh;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Where figures were taken.
 *
 * @param time      in UTC.
 * @param commit    of the sources; with a plus behind it if they had been changed.
 * @param jdk       vendor and version.
 * @param jvmFlags  of this JVM.
 * @param cpu       its name.
 * @param cores     that this JVM may use.
 * @param memoryGib of the machine.
 * @param kernel    its name and version.
 * @param load      average of the last minute at the start; negative if unknown.
 */
public record Environment(
        String time,
        String commit,
        String jdk,
        List<String> jvmFlags,
        String cpu,
        int cores,
        double memoryGib,
        String kernel,
        double load) {
    private static final String UNKNOWN = "unknown";
    private static final double GIB = 1024.0 * 1024 * 1024;
    private static final long GIT_S = 10;
    private static final int ENOUGH_CORES = 2;

    /**
     * Looks.
     *
     * @return what there is; what can't be found out is said to be unknown.
     */
    public static Environment now() {
        final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        final String changes = git("status", "--porcelain", "--untracked-files=no");
        return new Environment(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                git("rev-parse", "--short", "HEAD") + (changes.isEmpty() || UNKNOWN.equals(changes) ? "" : "+"),
                System.getProperty("java.vm.name") + " " + Runtime.version() + ", " + System.getProperty("java.vendor"),
                ManagementFactory.getRuntimeMXBean().getInputArguments(),
                cpuName(),
                Runtime.getRuntime().availableProcessors(),
                system.getTotalMemorySize() / GIB,
                system.getName() + " " + system.getVersion() + " " + system.getArch(),
                system.getSystemLoadAverage());
    }

    /**
     * What spoils figures here, a line each.
     *
     * @return no line if nothing is known to.
     */
    public List<String> warnings() {
        final List<String> lines = new ArrayList<>();
        if (cores < ENOUGH_CORES) {
            lines.add("Warning: too few cores: cores=" + cores
                    + ": both ends share it, so that figures are of their hand-overs.");
        }
        if (load > cores) {
            lines.add(String.format(
                    Locale.ROOT,
                    "Warning: the machine is busy: load=%.1f cores=%d: figures will suffer.",
                    load,
                    cores));
        }
        return lines;
    }

    /**
     * Files that this process may have open.
     *
     * @return the limit, a large number if there is none.
     */
    public static long maxOpenFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    private static String cpuName() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .orElse(UNKNOWN);
        } catch (final IOException ex) {
            return UNKNOWN;
        }
    }

    private static String git(final String... args) {
        final List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(args));
        try {
            final Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            final String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
            return process.waitFor(GIT_S, TimeUnit.SECONDS) && process.exitValue() == 0 ? text : UNKNOWN;
        } catch (final IOException ex) {
            return UNKNOWN;
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        }
    }
}
