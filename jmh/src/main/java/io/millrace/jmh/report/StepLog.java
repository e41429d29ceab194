package io.millrace.jmh.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a step said: finds out what of it could not be measured. JMH goes on behind a benchmark that fails, and ends well. */
final class StepLog {
    /** What the rigs say, and what Java says of a main class. */
    private static final List<String> COMPLAINTS = List.of("not measured", "not available here", "Error: ");

    private static final String PARAMETERS = "# Parameters: ";
    private static final String JMH_FAILURE = "<failure>";
    private static final int TAIL = 3;

    private final List<String> lines;

    private StepLog(final List<String> lines) {
        this.lines = lines;
    }

    /** Whatever bytes are in it. */
    static StepLog read(final Path file) throws IOException {
        return new StepLog(Files.readString(file, StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> !line.isBlank())
                .toList());
    }

    /** Empty if nothing was. */
    String failures() {
        final List<String> found = new ArrayList<>();
        String parameters = "";
        for (int i = 0; i < lines.size(); i++) {
            final String line = lines.get(i).trim();
            if (line.startsWith(PARAMETERS)) {
                parameters = line.substring(PARAMETERS.length());
            } else if (line.startsWith(JMH_FAILURE)) {
                found.add(parameters + ": "
                        + (i + 1 < lines.size() ? lines.get(i + 1).trim() : "no reason"));
            } else if (COMPLAINTS.stream().anyMatch(line::contains)) {
                found.add(line);
            }
        }
        return String.join(" / ", found.stream().distinct().toList());
    }

    /** The failures, or the last lines. */
    String reason() {
        final String failures = failures();
        return failures.isEmpty()
                ? String.join(" / ", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()))
                : failures;
    }
}
