"""Pages of sales."""

from django.urls import URLPattern, URLResolver, path

from sales.views import deal_lists, deals, lines, maps, orders, products

app_name = "sales"
urlpatterns: list[URLPattern | URLResolver] = [
    path("deals/", deal_lists.DealList.as_view(), name="deal_list"),
    path("deals/board/", deal_lists.DealBoard.as_view(), name="deal_board"),
    path("deals/map/", maps.DealMap.as_view(), name="deal_map"),
    path("deals/new/", deals.DealCreate.as_view(), name="deal_create"),
    path("deals/<int:pk>/", deals.DealPage.as_view(), name="deal_detail"),
    path("deals/<int:pk>/edit/", deals.DealUpdate.as_view(), name="deal_update"),
    path("deals/<int:pk>/win/", deals.DealWin.as_view(), name="deal_win"),
    path("deals/<int:pk>/lose/", deals.DealLose.as_view(), name="deal_lose"),
    path("deals/<int:pk>/move/", deals.DealMove.as_view(), name="deal_move"),
    path("deals/<int:pk>/step/", deals.DealStep.as_view(), name="deal_step"),
    path("deals/<int:pk>/lines/", lines.DealLines.as_view(), name="deal_lines"),
    path("deals/<int:pk>/contacts/add/", deals.DealAddContact.as_view(), name="deal_contact_add"),
    path(
        "deals/<int:pk>/contacts/<int:contact_pk>/remove/",
        deals.DealRemoveContact.as_view(),
        name="deal_contact_remove",
    ),
    path("products/", products.ProductList.as_view(), name="product_list"),
    path("products/new/", products.ProductCreate.as_view(), name="product_create"),
    path("products/<int:pk>/", products.ProductPage.as_view(), name="product_detail"),
    path("products/<int:pk>/edit/", products.ProductUpdate.as_view(), name="product_update"),
    path("orders/", orders.OrderList.as_view(), name="order_list"),
    path("orders/map/", maps.OrderMap.as_view(), name="order_map"),
    path("orders/new/", orders.OrderCreate.as_view(), name="order_create"),
    path("orders/<int:pk>/", orders.OrderPage.as_view(), name="order_detail"),
    path("orders/<int:pk>/edit/", orders.OrderUpdate.as_view(), name="order_update"),
]
