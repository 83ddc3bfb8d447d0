"""Pages of the tests: one for each refusal, one without a permission, one behind log-in."""

from django.http import HttpResponse
from django.urls import include, path

from fawang.front.frame.doors import requires
from fawang.kernel import errors, policy

policy.declare("frame_tests.work", "pages of the tests behind log-in")
policy.grant("frame_tests.work", policy.Scope.OWN, ("CITIZEN", "HANDLER"))

REFUSALS = {
    400: errors.FawangError,
    403: errors.NotPermitted,
    404: errors.NotFound,
    409: errors.Conflict,
    422: errors.Invalid,
    429: lambda: errors.TooMany(wait_seconds=120, wait_minutes=2),
    503: errors.PartnerUnavailable,
}


@requires("frame.see_public")
def refuse(request):
    raise REFUSALS[int(request.GET["status"])]()


@requires("frame.see_public")
def one_thing(request, number):
    raise errors.NotPermitted(secret=number)


def forgotten(request):
    return HttpResponse("open to all")


@requires("frame_tests.work", login="staff")
def desk(request):
    return HttpResponse(request.actor.ref)


@requires("frame_tests.work")
def mine(request):
    return HttpResponse(request.actor.ref)


@requires("frame.see_public")
def broken(request):
    raise RuntimeError("secret detail")


urlpatterns = [
    path("", include("fawang.front.frame.urls")),
    path("refuse/", refuse),
    path("api/refuse/", refuse),
    path("thing/<str:number>/", one_thing),
    path("forgotten/", forgotten),
    path("desk/", desk),
    path("mine/", mine),
    path("broken/", broken),
]
