package io.millrace.jmh.connection;

import java.util.Locale;

/** What {@link IdleConnections} measured of one server: memory for each connection, the rest for all of them. */
record IdleCost(
        String server,
        int connections,
        double heapKib,
        double residentKib,
        int threads,
        int openFiles,
        double cpuPercent) {
    String row() {
        return String.format(
                Locale.ROOT,
                "%-28s %11d %14.1f %18.1f %8d %8d %9.2f",
                server,
                connections,
                heapKib,
                residentKib,
                threads,
                openFiles,
                cpuPercent);
    }

    String json() {
        return String.format(
                Locale.ROOT,
                "  {\"benchmark\": \"%s\", \"jdkVersion\": \"%s\", \"server\": \"%s\", \"connections\": %d,"
                        + " \"heapKibEach\": %.2f, \"residentBesidesHeapKibEach\": %.2f, \"threads\": %d,"
                        + " \"openFiles\": %d, \"cpuPercentOfOneCore\": %.3f}",
                IdleConnections.class.getName(),
                System.getProperty("java.version"),
                server,
                connections,
                heapKib,
                residentKib,
                threads,
                openFiles,
                cpuPercent);
    }
}
