package io.postpaid;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.modulith.Modulithic;

/** The application: its modules are the packages beside this class. */
@SpringBootApplication(proxyBeanMethods = false)
@Modulithic(
        systemName = "Postpaid",
        sharedModules = {"money", "calendar", "batch", "home", "file", "template"})
public class Postpaid {}
