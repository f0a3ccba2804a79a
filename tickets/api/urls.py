from django.urls import path

from tickets.api import management, tickets

app_name = "tickets-api"
urlpatterns = [
    path("tickets/", tickets.TicketList.as_view(), name="tickets"),
    path("tickets/<int:ticket_id>/", tickets.TicketDetail.as_view(), name="ticket"),
    path("tickets/<int:ticket_id>/assign/", tickets.AssignTicket.as_view(), name="assign-ticket"),
    path("tickets/<int:ticket_id>/move/", tickets.MoveTicket.as_view(), name="move-ticket"),
    path("tickets/<int:ticket_id>/comments/", tickets.CommentList.as_view(), name="comments"),
    path("management/", management.ManagementView.as_view(), name="management"),
]
