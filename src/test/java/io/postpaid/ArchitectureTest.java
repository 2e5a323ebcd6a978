package io.postpaid;

import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.conditions.ArchConditions.never;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.postpaid.credit.CreditLedger;
import io.postpaid.payments.settlement.AccountTransfers;
import io.postpaid.payments.settlement.Adjustments;
import io.postpaid.payments.settlement.Refunds;
import io.postpaid.platform.batch.Steps;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.web.portal.CustomerPages;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Conditional;
import org.springframework.modulith.core.ApplicationModules;

/** The rules of the code that a compiler does not know. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // What Spring writes when the application is built.
            .withImportOption(place -> !place.contains("__") && !place.contains("$$"))
            .importPackages("io.postpaid");

    @Test
    void thereIsSomethingToCheck() {
        assertThat(CLASSES.size()).isGreaterThan(200);
    }

    @Test
    void packagesKnowOnlyWhomTheyMay() {
        var modules = ApplicationModules.of(Postpaid.class);
        assertThat(modules.stream().count()).isGreaterThan(12);
        // Commands are made by the parser before there is an application: their fields are filled in when one runs.
        modules.detectViolations()
                .filter(violation -> !violation.hasMessageContaining("Module Cli uses field injection"))
                .throwIfPresent();
    }

    @Test
    void roomsOfAWingKnowEachOtherInOneDirection() {
        slices().assignedFrom(new Rooms()).should().beFreeOfCycles().check(CLASSES);
    }

    /** A room, or what lies in a wing beside its rooms. */
    private static final class Rooms implements SliceAssignment {
        private static final Pattern ROOM = Pattern.compile("io\\.postpaid\\.(\\w+)\\.?(\\w*).*");

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            var room = ROOM.matcher(type.getPackageName());
            return room.matches() ? SliceIdentifier.of(room.group(1), room.group(2)) : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "rooms";
        }
    }

    @Test
    void wingsThatAreAllRoomsHaveNothingBesideThem() {
        classes()
                .that()
                .resideInAnyPackage(
                        "io.postpaid.platform",
                        "io.postpaid.usage",
                        "io.postpaid.pricing",
                        "io.postpaid.billing",
                        "io.postpaid.payments",
                        "io.postpaid.books")
                .should()
                .haveSimpleName("package-info")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    /** A page that needs more is two. */
    @Test
    void pagesNeedAtMostSevenThings() {
        classes()
                .that()
                .areAnnotatedWith(CustomerPages.class)
                .should(new ArchCondition<>("be made of at most seven things") {
                    @Override
                    public void check(JavaClass page, ConditionEvents events) {
                        page.getConstructors().stream()
                                .filter(of -> of.getRawParameterTypes().size() > 7)
                                .forEach(of -> events.add(SimpleConditionEvent.violated(page, of.getDescription())));
                    }
                })
                .check(CLASSES);
    }

    @Test
    void roomsOfPaymentsKnowOnlyThoseBeforeThem() {
        var rooms = List.of("stripe", "charging", "topup", "settlement", "webhook", "approval");
        for (int n = 0; n < rooms.size(); n++) {
            var later = rooms.stream()
                    .skip(n + 1)
                    .map(ArchitectureTest::paymentsRoom)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(paymentsRoom(rooms.get(n)))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(later)
                    .check(CLASSES);
        }
    }

    /** What a person gives back or away goes through the room that asks for a second one. */
    @Test
    void nobodyGivesMoneyPastTheSecondPerson() {
        var gives = new DescribedPredicate<JavaMethodCall>("gives money back or away") {
            @Override
            public boolean test(JavaMethodCall call) {
                var of = call.getTargetOwner();
                return of.isEquivalentTo(Refunds.class)
                        || of.isEquivalentTo(Adjustments.class)
                        || of.isEquivalentTo(AccountTransfers.class)
                                && call.getName().equals("sendBack")
                        || of.isEquivalentTo(CreditLedger.class)
                                && call.getName().equals("grant");
            }
        };
        classes()
                .that()
                .resideOutsideOfPackages(
                        "io.postpaid.payments.settlement", "io.postpaid.payments.approval", "io.postpaid.demo")
                .and()
                // A top-up is bought.
                .haveSimpleNameNotStartingWith("TopUpRecording")
                .should(never(callMethodWhere(gives)))
                .check(CLASSES);
    }

    private static String paymentsRoom(String name) {
        return "io.postpaid.payments." + name;
    }

    @Test
    void onlyTheBillingClockAsksTheSystemForTheTime() {
        var asksTheTime = new DescribedPredicate<JavaMethodCall>("java.time asks the system's clock") {
            @Override
            public boolean test(JavaMethodCall call) {
                return call.getTargetOwner().getPackageName().equals("java.time")
                                && (call.getName().equals("now")
                                        || call.getName().startsWith("system"))
                        || call.getTargetOwner().isEquivalentTo(System.class)
                                && call.getName().equals("currentTimeMillis");
            }
        };
        assertThat(CLASSES.get(BillingClock.class).getMethodCallsFromSelf().stream()
                        .filter(asksTheTime))
                .isNotEmpty();
        classes()
                .that()
                .doNotBelongToAnyOf(BillingClock.class)
                .should(never(callMethodWhere(asksTheTime)))
                .check(CLASSES);
    }

    @Test
    void moneyIsNeverBinaryFloatingPoint() {
        noFields()
                .that()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackage("io.postpaid.billing.document..")
                .should()
                .haveRawType(double.class)
                .orShould()
                .haveRawType(float.class)
                .orShould()
                .haveRawType(Double.class)
                .orShould()
                .haveRawType(Float.class)
                .check(CLASSES);
    }

    /** The build writes down which beans there are (decision 0147): a setting is looked at when a bean is used. */
    @Test
    void noBeanDependsOnASetting() {
        noClasses()
                .that()
                .areNotMetaAnnotatedWith(ConditionalOnWebApplication.class)
                .and()
                .resideOutsideOfPackage("io.postpaid.platform.trace..")
                .should()
                .beMetaAnnotatedWith(Conditional.class)
                .check(CLASSES);
        noMethods().should().beMetaAnnotatedWith(Conditional.class).check(CLASSES);
    }

    @Test
    void theCoreKnowsNeitherSpringNorTheDatabase() {
        noClasses()
                .that()
                .resideInAnyPackage("io.postpaid.platform.money..", "io.postpaid.platform.calendar..")
                .and()
                .haveSimpleNameNotEndingWith("Configuration")
                .and()
                .haveSimpleNameNotEndingWith("package-info")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "java.sql..", "javax.sql..")
                .check(CLASSES);
        noClasses()
                .that()
                .areRecords()
                .and()
                .resideInAnyPackage(
                        "io.postpaid.pricing.pricebook..", "io.postpaid.pricing.rating..", "io.postpaid.credit..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "java.sql..", "javax.sql..")
                .check(CLASSES);
    }

    @Test
    void stepsAreBuiltInOnePlace() {
        noClasses()
                .that()
                .haveSimpleNameNotStartingWith("Steps")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(StepBuilder.class)
                .check(CLASSES);
        classes()
                .should(never(callMethodWhere(new DescribedPredicate<JavaMethodCall>("faultTolerant()") {
                    @Override
                    public boolean test(JavaMethodCall call) {
                        return call.getName().equals("faultTolerant");
                    }
                })))
                .check(CLASSES);
        assertThat(CLASSES.get(Steps.class).getDirectDependenciesFromSelf().stream()
                        .anyMatch(uses -> uses.getTargetClass().isEquivalentTo(StepBuilder.class)))
                .isTrue();
    }

    @Test
    void noNameSaysNothing() {
        noClasses()
                .should()
                .haveNameMatching(".*(Utils?|Helpers?|Manager|Impl|Dto|DTO|Processor)")
                .check(CLASSES);
    }
}
