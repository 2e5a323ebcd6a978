package io.postpaid;

import io.postpaid.cli.PreparedApplication;

/** The application as commands have it, for the build, which writes down its beans. */
final class Commands {
    private Commands() {}

    public static void main(String[] arguments) {
        var application = new PreparedApplication(Postpaid.class);
        application.setLogStartupInfo(false);
        application.run(arguments);
    }
}
